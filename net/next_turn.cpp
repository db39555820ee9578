#include "net/next_turn.hpp"

#include <utility>

namespace rota::net {

void NextTurn::call(std::function<void()> callback) {
  callbacks_.push_back(std::move(callback));
  if (callbacks_.size() == 1) turn_.once(std::chrono::milliseconds(0), [this] { call_all(); });
}

// Those that are there now; what they ask for comes with the turn after.
void NextTurn::call_all() {
  const auto callbacks = std::exchange(callbacks_, {});
  const auto alive = alive_;  // a callback may destroy this object
  Loop& loop = loop_;
  for (const auto& callback : callbacks) {
    if (!*alive) return;
    loop.guard([&] { callback(); });
  }
}

}  // namespace rota::net
