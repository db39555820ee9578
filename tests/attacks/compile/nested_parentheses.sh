# Deep nesting against the compiler's stack.
# limits: cpu_ms=10000 wall_ms=20000
# expect: cause=exited exit=0
python3 -c 'n = 200000; print("int x = " + "(" * n + "1" + ")" * n + ";")' >deep.c
gcc -c deep.c 2>/dev/null
test $? -ne 0 || test -s deep.o
