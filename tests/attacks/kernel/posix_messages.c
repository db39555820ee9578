// There are no POSIX message queues to leave anything in.
// expect: cause=exited exit=0
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>

int main(void) {
  return mq_open("/left", O_RDWR | O_CREAT, 0666, 0) < 0 && errno == ENOSYS ? 0 : 1;
}
