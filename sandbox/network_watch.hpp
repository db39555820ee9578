#pragma once
// Whether the box's network namespace is as it was made. All that judged programs can have in it are local sockets
// (the filter refuses other families, and without capabilities nothing can be configured), so it is as new when the
// kernel counts none: those of dead processes go with them, except where they hold each other in flight
// (SCM_RIGHTS), until the kernel's collector comes by.

#include "base/unique_fd.hpp"

namespace rota::sandbox {

class NetworkWatch {
 public:
  // counts: /proc/PID/net/sockstat of a process in the namespace, see proc_pid_net(5).
  explicit NetworkWatch(UniqueFd counts) : counts_(std::move(counts)) {}

  // When no process of a run lives any more. Throws std::system_error.
  bool has_sockets() const;

 private:
  UniqueFd counts_;
};

}  // namespace rota::sandbox
