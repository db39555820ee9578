// A thread makes the call while the first one waits for it.
// expect: cause=forbidden_syscall signal=31 syscall=ptrace
#include <pthread.h>
#include <sys/ptrace.h>

static void* trace(void* unused) {
  ptrace(PTRACE_TRACEME, 0, 0, 0);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, trace, 0);
  pthread_join(thread, 0);
  return 1;
}
