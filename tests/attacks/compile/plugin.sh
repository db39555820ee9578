# Code of the submission's own within the compiler: a library that makes a forbidden call as it is loaded.
# expect: cause=forbidden_syscall signal=31 syscall=ptrace
cat >plugin.c <<'END'
#include <sys/ptrace.h>
int plugin_is_GPL_compatible;
__attribute__((constructor)) static void load(void) { ptrace(PTRACE_TRACEME, 0, 0, 0); }
int plugin_init(void* info, void* version) { return 0; }
END
echo 'int nothing;' >program.c
gcc -shared -fPIC plugin.c -o plugin.so || exit 1
gcc -fplugin=./plugin.so -c program.c
exit 2
