// 137 is what a shell says of a killed program; this one has ended by itself.
// expect: cause=exited exit=137
int main(void) {
  return 137;
}
