#pragma once
// The event loop of one call of `rota`: ends when its work says so, or by Ctrl-C, SIGTERM or SIGHUP.

#include <functional>

#include "client/ending_signals.hpp"
#include "net/fd_watch.hpp"
#include "net/loop.hpp"

namespace rota::client {

class InterruptibleLoop {
 public:
  InterruptibleLoop();

  net::Loop& loop() { return loop_; }

  // Ends run() with this exit status. The first call counts.
  void finish(int status);

  // `sees_to_it` is asked about each signal; where it says true, the loop goes on. Null: none is asked.
  void ask_first(std::function<bool(int signal)> sees_to_it) { sees_to_it_ = std::move(sees_to_it); }

  // Runs until finish() or a signal; the status given, or 128 + signal. Returns at once where finish() came
  // before.
  int run();

  // run() ended by a signal.
  bool interrupted() const { return signal_ != 0; }

 private:
  void on_signal();

  EndingSignals signals_;  // before the loop, whose threads are to have them blocked as well
  net::Loop loop_;
  net::FdWatch watch_;
  std::function<bool(int)> sees_to_it_;
  int signal_ = 0;
  int status_ = -1;
};

}  // namespace rota::client
