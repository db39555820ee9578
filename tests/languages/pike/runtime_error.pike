int main() {
  array(int) numbers = ({ 1, 2, 3 });
  write("%d\n", numbers[3]);
  return 0;
}
