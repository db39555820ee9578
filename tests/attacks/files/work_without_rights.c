// The folder itself may be closed to everybody: results are still taken, by rule.
// outputs: result
// expect: cause=exited exit=0 outputs=1
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
  if (write(open("result", O_WRONLY | O_CREAT, 0600), "x", 1) != 1) return 1;
  return chmod("/work", 0);
}
