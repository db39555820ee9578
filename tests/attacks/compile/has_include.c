// Asks which files the host has.
// command: /usr/bin/gcc -c {source} -o result
// expect: cause=exited exit=0
#if __has_include("/etc/shadow") || __has_include("/root/.bashrc") || __has_include("/etc/hostname") || __has_include("/proc/version")
#error "the host's files are to be seen"
#endif
int nothing;
