// first: cause=exited exit=0
// expect: cause=exited exit=0
#define _GNU_SOURCE
#include <string.h>
#include <sys/msg.h>

int main(int count, char** arguments) {
  struct msginfo info;
  const struct {
    long kind;
    char text[4];
  } message = {1, "hi"};
  if (strcmp(arguments[1], "first") == 0) return msgsnd(msgget(4711, IPC_CREAT | 0666), &message, 4, 0);
  if (msgget(4711, 0) >= 0) return 2;
  return msgctl(0, MSG_INFO, (struct msqid_ds*)&info) >= 0 && info.msgpool == 0 ? 0 : 3;
}
