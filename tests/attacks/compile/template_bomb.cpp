// Two instantiations for each: the compiler would not end in our time.
// command: /usr/bin/g++ -c {source} -o result
// outputs: result
// limits: cpu_ms=500 wall_ms=15000
// expect: cause=cpu_time signal=9
template <int depth, long path>
struct Bomb {
  static constexpr long value = Bomb<depth - 1, path * 2>::value + Bomb<depth - 1, path * 2 + 1>::value;
};

template <long path>
struct Bomb<0, path> {
  static constexpr long value = path;
};

static_assert(Bomb<40, 1>::value != 0);
