// Other processes' memory, from node to node.
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  if (syscall(SYS_move_pages, 1, 0, 0, 0, 0, 0) != -1 || errno != EPERM) return 1;
  if (syscall(SYS_migrate_pages, 1, 0, 0, 0) != -1 || errno != EPERM) return 2;
  return 0;
}
