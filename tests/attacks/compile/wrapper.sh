# The compiler is told to start another program in place of its parts; what that one may not, it may not here.
# expect: cause=forbidden_syscall signal=31 syscall=unshare
echo 'int nothing;' >program.c
gcc -wrapper /usr/bin/unshare,--user -c program.c
exit 0
