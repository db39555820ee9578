int main() {
  int count = 0;
  while (1)
    count++;
}
