// Files, folders, links, and names that begin with a dot.
// marks: self-test
// first: cause=exited exit=0
// expect: cause=exited exit=0
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int count, char** arguments) {
  if (strcmp(arguments[1], "first") == 0) {
    if (mkdir("/tmp/folder", 0) != 0 || symlink("/work", "/tmp/link") != 0) return 1;
    return open("/tmp/.hidden", O_WRONLY | O_CREAT, 0600) >= 0 && write(3, "left", 4) == 4 ? 0 : 2;
  }
  int entries = 0;
  DIR* folder = opendir("/tmp");
  while (readdir(folder) != 0) ++entries;
  return entries == 2 ? 0 : 3;
}
