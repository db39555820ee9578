// expect: cause=forbidden_syscall signal=31
#include <sys/ptrace.h>

int main(void) {
  ptrace(PTRACE_TRACEME, 0, 0, 0);
  return 0;
}
