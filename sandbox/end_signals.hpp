#pragma once
// SIGTERM, SIGINT and SIGHUP as a descriptor, so that a run in progress is
// ended and its cgroup removed first.

#include "base/unique_fd.hpp"

namespace rota::sandbox {

class EndSignals {
 public:
  EndSignals();  // blocks them for this process; the payload unblocks all

  int fd() const { return fd_.get(); }  // readable once one has come, and stays so
  bool arrived() const;

 private:
  UniqueFd fd_;
};

}  // namespace rota::sandbox
