#pragma once
// The pipe that one of a run's output streams goes through, made ahead of the run.

#include "base/unique_fd.hpp"
#include "sandbox/identity.hpp"

namespace rota::sandbox {

struct OutputPipe {
  UniqueFd source;  // non-blocking
  UniqueFd target;  // the program's; programs may open it anew as /dev/stdout
};

// Throws std::system_error.
OutputPipe make_output_pipe(const Identity& identity);

}  // namespace rota::sandbox
