#pragma once
// Whether the box's network namespace is as it was made. All that judged programs can have in it are local sockets
// (the filter refuses other families, and without capabilities nothing can be configured), so it is as new when the
// kernel lists none: those of dead processes go with them, except where they hold each other in flight
// (SCM_RIGHTS), until the kernel's collector comes by.

#include "base/unique_fd.hpp"

namespace rota::sandbox {

class NetworkWatch {
 public:
  // list: /proc/PID/net/unix of a process in the namespace.
  explicit NetworkWatch(UniqueFd list) : list_(std::move(list)) {}

  // When no process of a run lives any more. Throws std::system_error.
  bool has_sockets() const;

 private:
  UniqueFd list_;
};

}  // namespace rota::sandbox
