#include "net/fd_watch.hpp"

namespace rota::net {

FdWatch::FdWatch(Loop& loop, int fd, std::function<void()> on_ready, Until until)
    : loop_(loop), on_ready_(std::move(on_ready)) {
  // The handle's owner calls uv_close, which is allowed only on a handle that uv_poll_init has taken.
  auto handle = std::make_unique<uv_poll_t>();
  check_uv(uv_poll_init(loop.raw(), handle.get(), fd), "watch descriptor " + std::to_string(fd));
  poll_.reset(handle.release());
  poll_->data = this;
  const int writable = until == Until::writable ? UV_WRITABLE : 0;
  check_uv(uv_poll_start(poll_.get(), UV_READABLE | UV_DISCONNECT | writable, on_poll),
           "watch descriptor " + std::to_string(fd));
}

void FdWatch::on_poll(uv_poll_t* handle, int, int) {
  auto* self = static_cast<FdWatch*>(handle->data);
  if (self == nullptr) return;
  auto callback = self->on_ready_;  // a copy: the callback may destroy this watch
  self->loop_.guard([&] { callback(); });
}

}  // namespace rota::net
