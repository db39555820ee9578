// A loop that runs while it is compiled.
// command: /usr/bin/g++ -std=c++20 -fconstexpr-ops-limit=1000000000000 -fconstexpr-loop-limit=2000000000 -c {source} -o result
// limits: cpu_ms=500 wall_ms=15000
// expect: cause=cpu_time signal=9
constexpr int spin() {
  int sum = 0;
  for (int i = 0; i < 2'000'000'000; ++i) sum ^= i;
  return sum;
}

static_assert(spin() != 1);
