// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int count, char** arguments) {
  if (strcmp(arguments[1], "first") == 0) {
    if (open("/work/left", O_WRONLY | O_CREAT, 0600) < 0 || write(3, "left", 4) != 4) return 1;
    return mkdir("deep", 0) == 0 ? chmod("/work", 0) : 2;
  }
  DIR* folder = opendir("/work");
  if (folder == 0) return 2;
  for (struct dirent* entry; (entry = readdir(folder)) != 0;)
    if (entry->d_name[0] != '.' && strcmp(entry->d_name, "rota-attacks") != 0) return 3;
  return 0;
}
