// mount by the 32-bit gate, whose numbers mean other calls: 21 is access here.
// marks: self-test
// expect: cause=forbidden_syscall signal=31
int main(void) {
  int result = 21;
  __asm__ volatile("int $0x80" : "+a"(result) : "b"(0), "c"(0), "d"(0) : "memory");
  return 1;
}
