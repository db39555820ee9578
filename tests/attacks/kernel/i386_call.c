// getpid by the 32-bit gate: the numbers mean other calls there.
// expect: cause=forbidden_syscall signal=31
int main(void) {
  int result = 20;
  __asm__ volatile("int $0x80" : "+a"(result) : : "memory");
  return 0;
}
