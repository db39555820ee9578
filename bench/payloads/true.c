// The least that a program can do; linked statically, so that next to nothing but its start is measured.
int main(void) {
  return 0;
}
