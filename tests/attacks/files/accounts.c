// The accounts that it reads are made up, and there are no passwords.
// expect: cause=exited exit=0
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
  const char* secrets[] = {"/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/etc/ssh", "/etc/machine-id", "/etc/hostname", "/etc/resolv.conf"};
  for (int i = 0; i < 7; ++i)
    if (access(secrets[i], F_OK) == 0) return i + 1;
  int lines = 0;
  FILE* file = fopen("/etc/passwd", "r");
  for (int byte; (byte = fgetc(file)) != EOF;) lines += byte == '\n';
  return lines == 2 ? 0 : 20;
}
