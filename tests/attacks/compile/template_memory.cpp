// Types that grow at each step fill the compiler's memory.
// command: /usr/bin/g++ -c {source} -o result -ftemplate-depth=100000
// outputs: result
// limits: cpu_ms=10000 wall_ms=20000 memory_mb=96
// needs: memory-cgroup
// expect: cause=memory
template <typename... Types>
struct List {};

template <int depth, typename... Types>
struct Grow {
  using Type = typename Grow<depth - 1, List<Types...>, Types...>::Type;
};

template <typename... Types>
struct Grow<0, Types...> {
  using Type = List<Types...>;
};

using All = Grow<3000>::Type;
