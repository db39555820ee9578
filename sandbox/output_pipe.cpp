#include "sandbox/output_pipe.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "base/check.hpp"

namespace rota::sandbox {

OutputPipe make_output_pipe(const Identity& identity) {
  int ends[2];
  check(::pipe2(ends, O_CLOEXEC), "make an output pipe");
  OutputPipe pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
  check(::fcntl(pipe.source.get(), F_SETFL, O_NONBLOCK), "make an output pipe non-blocking");
  if (identity.privileged) {  // else programs could not open /dev/stdout
    check(::fchown(pipe.target.get(), identity.uid, identity.gid), "hand an output pipe to the box's user");
  }
  return pipe;
}

}  // namespace rota::sandbox
