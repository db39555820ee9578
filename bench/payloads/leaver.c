// Leaves behind what a box has to clear away: a process of its own session, files, System V shared memory.
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <unistd.h>

static int leave_file(const char* path) {
  const int file = open(path, O_CREAT | O_WRONLY, 0600);
  return file >= 0 && write(file, "left\n", 5) == 5;
}

int main(void) {
  if (!leave_file("/work/left") || !leave_file("/tmp/left")) return 1;
  shmget(1, 4096, IPC_CREAT | 0600);
  if (fork() != 0) return 0;
  setsid();
  for (;;) pause();
}
