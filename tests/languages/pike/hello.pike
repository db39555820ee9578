int main() {
  write("Hello, world!\n");
  return 0;
}
