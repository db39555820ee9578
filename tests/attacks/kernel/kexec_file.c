// Starts another kernel, from a file.
// expect: cause=forbidden_syscall signal=31 syscall=kexec_file_load
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  syscall(SYS_kexec_file_load, 0, 0, 0, 0, 0);
  return 1;
}
