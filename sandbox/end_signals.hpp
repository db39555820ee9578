#pragma once
// SIGTERM, SIGINT and SIGHUP as a descriptor, so that a run in progress is
// ended and its cgroup removed first.

#include "base/unique_fd.hpp"

namespace rota::sandbox {

// Signals as a fresh program has them, whatever the parent left; SIGPIPE ignored. To be called once at the start. Throws
// std::system_error.
void reset_signals();

class EndSignals {
 public:
  // Blocks them for this process; the payload unblocks all. Throws std::system_error.
  EndSignals();

  int fd() const { return fd_.get(); }  // readable once one has come, and stays so
  bool arrived() const;

 private:
  UniqueFd fd_;
};

}  // namespace rota::sandbox
