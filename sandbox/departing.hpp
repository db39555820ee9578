#pragma once
// Inits of runs that have ended, on their way out: tearing down a run's namespaces takes the kernel longer than its
// answer should wait.

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace rota::sandbox {

class Departing {
 public:
  Departing() = default;
  ~Departing() { await_all(); }
  Departing(const Departing&) = delete;
  Departing& operator=(const Departing&) = delete;

  // A child of ours that has reported its end and does nothing more than exit.
  void add(pid_t init);

  // Takes leave of those that are gone, and waits where too many are not.
  void reap();
  void await_all();

  std::uint32_t count() const { return static_cast<std::uint32_t>(inits_.size()); }

 private:
  static constexpr std::size_t kMost = 4;

  std::vector<pid_t> inits_;
};

}  // namespace rota::sandbox
