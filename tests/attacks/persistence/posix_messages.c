// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <fcntl.h>
#include <mqueue.h>
#include <string.h>

int main(int count, char** arguments) {
  if (strcmp(arguments[1], "first") == 0) {
    const mqd_t queue = mq_open("/left", O_RDWR | O_CREAT, 0666, 0);
    return queue >= 0 && mq_send(queue, "hi", 2, 1) == 0 ? 0 : 1;
  }
  return mq_open("/left", O_RDWR) < 0 ? 0 : 2;
}
