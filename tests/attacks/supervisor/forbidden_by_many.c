// Many threads and processes make forbidden calls at one moment: one verdict, no queue that fills up.
// limits: wall_ms=5000
// expect: cause=forbidden_syscall signal=31 syscall=ptrace
#include <pthread.h>
#include <sys/ptrace.h>
#include <unistd.h>

static int gate[2];

static void* trace(void* unused) {
  char byte;
  read(gate[0], &byte, 1);
  ptrace(PTRACE_TRACEME, 0, 0, 0);
  for (;;) pause();
  return unused;
}

int main(void) {
  pthread_t thread;
  pipe(gate);
  fork();
  fork();
  for (int i = 0; i < 10; ++i) pthread_create(&thread, 0, trace, 0);
  close(gate[1]);
  for (;;) pause();
}
