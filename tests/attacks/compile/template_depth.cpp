// An endless chain of instantiations: the compiler itself has a bound.
// command: /usr/bin/g++ -c {source} -o result
// outputs: result
// limits: wall_ms=15000
// expect: cause=exited exit=1
template <int depth>
struct Chain {
  static constexpr int value = Chain<depth + 1>::value;
};

int main() {
  return Chain<0>::value;
}
