// limits: wall_ms=200
// expect: cause=wall_time signal=9
#include <sys/epoll.h>

int main(void) {
  struct epoll_event event;
  return epoll_wait(epoll_create(1), &event, 1, -1);
}
