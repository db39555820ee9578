#include "client/interruptible_loop.hpp"

namespace rota::client {

InterruptibleLoop::InterruptibleLoop() : watch_(loop_, signals_.fd(), [this] { on_signal(); }) {}

void InterruptibleLoop::on_signal() {
  const auto signal = signals_.take();
  if (!signal || (status_ < 0 && sees_to_it_ && sees_to_it_(*signal))) return;
  if (status_ < 0) signal_ = *signal;
  finish(128 + *signal);
}

void InterruptibleLoop::finish(int status) {
  if (status_ < 0) status_ = status;
  loop_.stop();
}

int InterruptibleLoop::run() {
  if (status_ < 0) loop_.run();
  return status_;
}

}  // namespace rota::client
