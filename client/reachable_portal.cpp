#include "client/reachable_portal.hpp"

#include <utility>

namespace rota::client {

ReachablePortal::ReachablePortal(net::Loop& loop, std::vector<net::Address> portals, SessionOptions options,
                                 std::function<void(Session&)> on_open,
                                 std::function<void(const Failure&)> on_failure)
    : loop_(loop),
      portals_(std::move(portals)),
      options_(std::move(options)),
      on_open_(std::move(on_open)),
      on_failure_(std::move(on_failure)) {
  try_next();
}

void ReachablePortal::try_next() {
  session_ = std::make_unique<Session>(loop_, portals_[next_++], options_);
  session_->on_open([this](const std::optional<Failure>& failure) { tried(failure); });
}

void ReachablePortal::tried(const std::optional<Failure>& failure) {
  if (!failure) return on_open_(*session_);
  if (next_ == portals_.size()) return on_failure_(*failure);
  try_next();
}

}  // namespace rota::client
