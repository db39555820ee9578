#pragma once
// CPU time of a run on hosts without a cgroup that counts it: the sum over the run's own
// /proc, in clock ticks of usually 10 ms. Processes that ended are in the sums of who waited
// for them; what nobody waited for is missed.

#include <chrono>

#include "base/unique_fd.hpp"

namespace rota::sandbox {

class CpuSampler {
 public:
  CpuSampler() = default;
  explicit CpuSampler(UniqueFd proc) : proc_(std::move(proc)) {}

  // Init's own time is part of it.
  std::chrono::nanoseconds used() const;

 private:
  UniqueFd proc_;
};

}  // namespace rota::sandbox
