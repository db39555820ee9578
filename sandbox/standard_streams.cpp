#include "sandbox/standard_streams.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/check.hpp"
#include "sandbox/same_status.hpp"

namespace rota::sandbox {
namespace {

struct stat look_at_pipe(int fd) {
  struct stat status {};
  check(::fstat(fd, &status), "look at an output pipe");
  return status;
}

int count_bytes(int fd) {
  int bytes = 0;
  check(::ioctl(fd, FIONREAD, &bytes), "count what is left in an output pipe");
  return bytes;
}

}  // namespace

DescriptionState look_at_description(int fd) {
  DescriptionState state;
  state.flags = check(::fcntl(fd, F_GETFL), "look at a stream's flags");
  check(::fcntl(fd, F_GETOWN_EX, &state.owner), "look at a stream's owner");
  state.signal = check(::fcntl(fd, F_GETSIG), "look at a stream's signal");
  return state;
}

bool operator==(const DescriptionState& left, const DescriptionState& right) {
  return left.flags == right.flags && left.owner.type == right.owner.type &&
         left.owner.pid == right.owner.pid && left.signal == right.signal;
}

OutputPipe::OutputPipe(const Identity& identity) {
  int ends[2];
  check(::pipe2(ends, O_CLOEXEC), "make an output pipe");
  source_.reset(ends[0]);
  target_.reset(ends[1]);
  check(::fcntl(source(), F_SETFL, O_NONBLOCK), "make an output pipe non-blocking");
  if (identity.privileged) {  // else programs could not open /dev/stdout
    check(::fchown(target(), identity.uid, identity.gid), "hand an output pipe to the box's user");
  }
  status_ = look_at_pipe(target());
  description_ = look_at_description(target());
  buffer_bytes_ = check(::fcntl(target(), F_GETPIPE_SZ), "look at an output pipe's size");
}

bool OutputPipe::is_as_made() const {
  return is_same(look_at_pipe(target()), status_) && count_bytes(source()) == 0 &&
         ::fcntl(target(), F_GETPIPE_SZ) == buffer_bytes_ && look_at_description(target()) == description_;
}

NullInput::NullInput()
    : fd_(check(::open("/dev/null", O_RDONLY | O_CLOEXEC), "open /dev/null")),
      description_(look_at_description(fd())) {}

void StandardStreams::clean() {
  if (!in.is_as_made()) in = NullInput();
  if (!out.is_as_made()) out = OutputPipe(identity);
  if (!err.is_as_made()) err = OutputPipe(identity);
}

}  // namespace rota::sandbox
