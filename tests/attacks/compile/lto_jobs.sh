# A link that starts as many jobs as it likes.
# limits: processes=16 wall_ms=20000
# expect: cause=exited exit=0
echo 'int main(void) { return 0; }' >program.c
gcc -O1 -flto=256 program.c -o program && ./program
