// Takes the box's own name; nobody asks for names.
// expect: cause=exited exit=0
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int count, char** arguments) {
  if (prctl(PR_SET_NAME, "rota-box", 0, 0, 0) != 0) return 1;
  strcpy(arguments[0], "init");
  return 0;
}
