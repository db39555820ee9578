#pragma once
// How long to wait before the next try to join: longer each time, and never the same for all nodes, so that a portal that
// comes back is not met by all of them at once.

#include <algorithm>
#include <chrono>

namespace rota::node {

class JoinPauses {
 public:
  static constexpr std::chrono::milliseconds kFirst{100};
  static constexpr std::chrono::milliseconds kLongest{5000};

  // random: from 0 to 1. Between the half and the whole of a pause that doubles each time.
  std::chrono::milliseconds next(double random) {
    const double share = 0.5 + random / 2;
    const auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(whole_ * share);
    whole_ = std::min(whole_ * 2, kLongest);
    return pause;
  }

  void reset() { whole_ = kFirst; }

 private:
  std::chrono::milliseconds whole_ = kFirst;
};

}  // namespace rota::node
