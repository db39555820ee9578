// rota-attacks FAMILY/NAME [ARGUMENT…]: becomes that attack. `rota-attacks hello` is the clean program that runs
// after each of them in the same box: it looks around before it says hello.

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

struct AttackRow {
  std::string_view name;
  int (*main)(int, char**);
};

#include "table.hpp"

// -1 where it cannot be opened.
static int count_entries(const char* path) {
  DIR* folder = opendir(path);
  if (folder == nullptr) return -1;
  int count = 0;
  while (const dirent* entry = readdir(folder)) count += entry->d_name[0] != '.';
  closedir(folder);
  return count;
}

// Numbers in /proc: this process, and init where it is to be seen.
static int count_processes() {
  DIR* folder = opendir("/proc");
  if (folder == nullptr) return -1;
  int count = 0;
  while (const dirent* entry = readdir(folder)) count += entry->d_name[0] >= '2' && entry->d_name[0] <= '9';
  closedir(folder);
  return count;
}

// priority: that of the box, which its operator may have lowered.
static int say_hello(int priority) {
  if (count_entries("/tmp") != 0) return 1;
  if (count_entries("/work") > 1) return 2;  // this program, where it was copied
  if (count_processes() != 1) return 3;
  for (int fd = 3; fd < 64; ++fd)
    if (fcntl(fd, F_GETFD) >= 0) return 4;
  if (getpriority(PRIO_PROCESS, 0) != priority) return 5;
  char name[64] = "";
  if (gethostname(name, sizeof name) != 0 || std::strcmp(name, "box") != 0) return 6;
  std::puts("hello");
  return 0;
}

int main(int count, char** arguments) {
  const std::string_view wanted = count > 1 ? arguments[1] : "";
  if (wanted == "hello") return say_hello(count > 2 ? std::atoi(arguments[2]) : 0);
  for (const AttackRow& row : kAttacks)
    if (row.name == wanted) return row.main(count - 1, arguments + 1);
  std::fprintf(stderr, "rota-attacks: there is no attack %s\n", arguments[1]);
  return 64;
}
