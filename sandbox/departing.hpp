#pragma once
// Inits of runs that have ended: tearing down a run's namespaces takes the kernel longer than its answer should wait.

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "base/unique_fd.hpp"

namespace rota::sandbox {

class Departing {
 public:
  Departing() = default;
  ~Departing() { await_all(); }
  Departing(const Departing&) = delete;
  Departing& operator=(const Departing&) = delete;

  // A child of ours that has reported its end.
  void add(pid_t init, UniqueFd pidfd);

  // Ends them, takes leave of those that are gone, and waits where too many are not.
  void reap();
  void await_all();

  // Readable when one is gone; -1 where nobody is on the way out.
  int interest() const { return inits_.empty() ? -1 : inits_.front().pidfd.get(); }

  std::uint32_t count() const { return static_cast<std::uint32_t>(inits_.size()); }

  static constexpr std::size_t kMost = 4;  // that reap() leaves

 private:
  struct Init {
    pid_t pid;
    UniqueFd pidfd;
    bool told_to_end = false;
  };

  void tell_to_end();

  std::vector<Init> inits_;
};

}  // namespace rota::sandbox
