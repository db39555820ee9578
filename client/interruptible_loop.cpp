#include "client/interruptible_loop.hpp"

#include "client/console.hpp"

namespace rota::client {

InterruptibleLoop::InterruptibleLoop()
    : signals_(loop_, ending_signals(), [this](int signal) {
        if (status_ < 0) signal_ = signal;
        finish(128 + signal);
      }) {}

void InterruptibleLoop::finish(int status) {
  if (status_ < 0) status_ = status;
  loop_.stop();
}

int InterruptibleLoop::run() {
  if (status_ < 0) loop_.run();
  return status_;
}

}  // namespace rota::client
