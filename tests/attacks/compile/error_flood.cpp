// An error for each of many lines, with all of its notes.
// command: /usr/bin/g++ -fmax-errors=0 -c {source} -o result
// limits: output_kb=64 cpu_ms=10000 wall_ms=20000
// expect: cause=output signal=9 stderr_bytes=65536 stderr_cut=1
#define TEN(x) x x x x x x x x x x
#define LINES(x) TEN(TEN(TEN(TEN(x))))
void f() {
  LINES(undeclared_name_that_is_long_enough_to_be_noticed(1, 2, 3); undeclared::other();)
}
