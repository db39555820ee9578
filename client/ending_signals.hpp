#pragma once
// SIGINT, SIGTERM and SIGHUP as something to poll for, without those that our caller has us ignore (nohup(1),
// background jobs of a script). While one lives they are blocked in this thread and in those that it starts:
// a handler would only note a signal, and write(2) would go on waiting for a reader that takes nothing.

#include <signal.h>

#include <optional>

#include "base/unique_fd.hpp"

namespace rota::client {

class EndingSignals {
 public:
  EndingSignals();
  ~EndingSignals();  // one that has come and was not taken acts now, as it would have without us
  EndingSignals(const EndingSignals&) = delete;
  EndingSignals& operator=(const EndingSignals&) = delete;

  int fd() const { return fd_.get(); }  // readable (signalfd(2)) while one waits to be taken
  std::optional<int> take() const;

 private:
  sigset_t before_{};
  UniqueFd fd_;
};

}  // namespace rota::client
