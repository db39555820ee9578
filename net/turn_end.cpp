#include "net/turn_end.hpp"

#include <utility>

#include "net/loop.hpp"

namespace rota::net {

TurnEnd::TurnEnd(Loop& loop)
    : loop_(loop), before_sockets_(new uv_prepare_t{}), after_sockets_(new uv_check_t{}) {
  uv_prepare_init(loop.raw(), before_sockets_.get());
  uv_check_init(loop.raw(), after_sockets_.get());
  before_sockets_->data = after_sockets_->data = this;
}

// Active handles keep the loop going, so that nothing that waits here is left undone.
void TurnEnd::call(std::function<void()> callback) {
  callbacks_.push_back(std::move(callback));
  if (callbacks_.size() > 1) return;
  uv_prepare_start(before_sockets_.get(), on_end<uv_prepare_t>);
  uv_check_start(after_sockets_.get(), on_end<uv_check_t>);
}

template <typename Handle>
void TurnEnd::on_end(Handle* handle) {
  auto* self = static_cast<TurnEnd*>(handle->data);
  if (self != nullptr) self->run();
}

void TurnEnd::run() {
  // Until there are none: libuv would wait for sockets before it called check handles that these had started.
  while (!callbacks_.empty()) {
    const auto callbacks = std::exchange(callbacks_, {});
    for (const auto& callback : callbacks) loop_.guard([&] { callback(); });
  }
  uv_prepare_stop(before_sockets_.get());
  uv_check_stop(after_sockets_.get());
}

}  // namespace rota::net
