// Messages that nobody fetches.
// limits: memory_mb=16
// needs: memory-cgroup
// expect: cause=memory signal=9
#include <sys/ipc.h>
#include <sys/msg.h>

static struct {
  long kind;
  char text[8000];
} message = {1, ""};

int main(void) {
  for (int i = 0; i < 30000; ++i) {
    const int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    if (queue < 0) return 1;
    while (msgsnd(queue, &message, sizeof message.text, IPC_NOWAIT) == 0) continue;
  }
  return 2;
}
