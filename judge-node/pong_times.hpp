#pragma once
// When a connection's latest pongs were sent: that the portal has heard one says that it believed this node alive then.

#include <cstdint>
#include <deque>
#include <optional>

#include "base/time.hpp"

namespace rota::node {

class PongTimes {
 public:
  static constexpr std::size_t kMaxKept = 256;  // what is older renews nothing

  void sent(std::uint64_t number, Nanoseconds now) {
    pongs_.push_back({number, now});
    if (pongs_.size() > kMaxKept) pongs_.pop_front();
  }

  // When the pong of this number was sent, the earliest where there are several; forgets those before it. nullopt where
  // none of this number is kept.
  std::optional<Nanoseconds> heard(std::uint64_t number) {
    for (std::size_t i = 0; i < pongs_.size(); ++i) {
      if (pongs_[i].number != number) continue;
      const Nanoseconds time = pongs_[i].time;
      pongs_.erase(pongs_.begin(), pongs_.begin() + static_cast<std::ptrdiff_t>(i));
      return time;
    }
    return std::nullopt;
  }

 private:
  struct Pong {
    std::uint64_t number;
    Nanoseconds time;
  };
  std::deque<Pong> pongs_;
};

}  // namespace rota::node
