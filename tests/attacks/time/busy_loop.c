// marks: self-test
// limits: cpu_ms=200 wall_ms=20000
// expect: cause=cpu_time signal=9
int main(void) {
  for (volatile unsigned i = 0;; ++i) continue;
}
