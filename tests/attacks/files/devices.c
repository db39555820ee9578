// Of /dev only what harms nobody is there, and it is what it says.
// marks: self-test
// expect: cause=exited exit=0
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

int main(void) {
  const char* allowed = " null zero full random urandom fd stdin stdout stderr shm ";
  DIR* folder = opendir("/dev");
  if (folder == 0) return 1;
  for (struct dirent* entry; (entry = readdir(folder)) != 0;) {
    char word[300] = " ";
    if (entry->d_name[0] == '.') continue;
    strcat(strcat(word, entry->d_name), " ");
    if (strstr(allowed, word) == 0) return 2;
  }
  struct stat status;
  if (stat("/dev/null", &status) != 0 || status.st_rdev != makedev(1, 3)) return 3;
  if (unlink("/dev/null") == 0 || chmod("/dev/null", 0) == 0) return 4;
  return 0;
}
