// What only asks is answered: a filter that breaks honest programs is none.
// expect: cause=exited exit=0
#include <sys/personality.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void) {
  if (personality(0xffffffff) < 0) return 1;
  if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) return 2;
  if (prctl(PR_GET_SECCOMP) != 2) return 3;
  return prctl(PR_CAPBSET_READ, 21, 0, 0, 0) == 0 ? 0 : 4;
}
