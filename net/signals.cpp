#include "net/signals.hpp"

namespace rota::net {

Signals::Signals(Loop& loop, const std::vector<int>& signals, std::function<void(int)> callback)
    : loop_(loop), callback_(std::move(callback)) {
  for (int signal : signals) {
    auto& handle = handles_.emplace_back(new uv_signal_t{});
    uv_signal_init(loop.raw(), handle.get());
    handle->data = this;
    check_uv(uv_signal_start(handle.get(), on_signal, signal), "watch signal " + std::to_string(signal));
    uv_unref(reinterpret_cast<uv_handle_t*>(handle.get()));
  }
}

void Signals::on_signal(uv_signal_t* handle, int signal) {
  auto* self = static_cast<Signals*>(handle->data);
  if (self != nullptr) self->loop_.guard([&] { self->callback_(signal); });
}

}  // namespace rota::net
