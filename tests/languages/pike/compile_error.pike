int main() {
  int number = "Hello, world!";
  return 0;
}
