#pragma once
// How fast jobs are begun lately, for estimates. Sans-IO.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "base/time.hpp"

namespace rota::portal {

class Pace {
 public:
  void began(std::size_t jobs, Instant now) {
    const double seconds = std::chrono::duration<double>(now.monotonic - last_).count();
    last_ = now.monotonic;
    rate_ = rate_ * std::exp(-seconds / kMemory) + static_cast<double>(jobs) / kMemory;
  }

  // Until so many jobs have begun; 0 where nothing is known.
  std::chrono::milliseconds time_for(std::uint64_t jobs) const {
    if (rate_ <= 0) return std::chrono::milliseconds(0);
    const double seconds = std::min(static_cast<double>(jobs) / rate_, 3600.0);
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  }

 private:
  static constexpr double kMemory = 10;  // seconds

  double rate_ = 0;  // jobs a second
  Nanoseconds last_{};
};

}  // namespace rota::portal
