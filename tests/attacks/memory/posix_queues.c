// Kernel memory by way of message queues, of which there are none.
// expect: cause=exited exit=0
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>

int main(void) {
  for (int i = 0; i < 1000; ++i) {
    char name[16];
    struct mq_attr attributes = {.mq_maxmsg = 10, .mq_msgsize = 8192};
    snprintf(name, sizeof name, "/q%d", i);
    if (mq_open(name, O_RDWR | O_CREAT, 0600, &attributes) < 0) return errno == ENOSYS ? 0 : 1;
  }
  return 2;
}
