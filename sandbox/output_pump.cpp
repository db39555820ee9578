#include "sandbox/output_pump.hpp"

#include <limits.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace rota::sandbox {
namespace {

bool has_room(int sink) {
  pollfd room{sink, POLLOUT, 0};
  return ::poll(&room, 1, 0) > 0;
}

}  // namespace

OutputPump::OutputPump(int source, int sink, std::uint64_t limit)
    : source_(source),
      sink_(sink),
      limit_(limit),
      buffer_(std::make_unique_for_overwrite<char[]>(kBufferBytes)) {
  struct stat status {};
  sink_is_file_ = sink >= 0 && ::fstat(sink, &status) == 0 && S_ISREG(status.st_mode);
}

pollfd OutputPump::interest() const {
  if (has_waiting()) return {sink_, POLLOUT, 0};
  return {source_, POLLIN, 0};
}

void OutputPump::advance() {
  if (has_waiting()) {
    write_sink();
  } else if (has_source()) {
    read_source();
  }
  if (finishing_) finish();
}

void OutputPump::finish() {
  finishing_ = true;
  while (has_source() && !has_waiting()) read_source();
}

void OutputPump::abandon() {
  if (has_source()) cut_ = true;
  lose_waiting();
  source_ = -1;
}

void OutputPump::read_source() {
  const ssize_t size = ::read(source_, buffer_.get(), kBufferBytes);
  if (size < 0 && errno == EINTR) return;
  if (size < 0 && errno == EAGAIN && !finishing_) return;
  if (size <= 0) {
    source_ = -1;
    return;
  }
  const std::uint64_t room = limit_ - taken_;
  if (static_cast<std::uint64_t>(size) > room) passed_limit_ = cut_ = true;
  begin_ = 0;
  end_ = static_cast<std::size_t>(std::min(static_cast<std::uint64_t>(size), room));
  taken_ += end_;
  if (sink_error_ != 0) lose_waiting();
  if (sink_ < 0) begin_ = end_;
  while (sink_is_file_ && has_waiting()) write_sink();
}

void OutputPump::write_sink() {
  const ssize_t written = write_some();
  if (written >= 0) {
    begin_ += static_cast<std::size_t>(written);
  } else if (errno != EAGAIN && errno != EINTR) {
    sink_error_ = errno;
    lose_waiting();  // nobody reads, or the disk is full; the program may go on
    sink_ = -1;
    sink_is_file_ = false;
  }
}

// A pipe that poll(2) calls writable takes PIPE_BUF bytes without blocking (pipe(7)), whatever its mode. We ask it once
// more: where both streams go to one pipe, the other pump may just have filled it.
ssize_t OutputPump::write_some() {
  const std::size_t waiting = end_ - begin_;
  const char* from = buffer_.get() + begin_;
  if (sink_is_file_) return ::write(sink_, from, waiting);
  const ssize_t sent = ::send(sink_, from, waiting, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0 || errno != ENOTSOCK) return sent;
  if (has_room(sink_)) return ::write(sink_, from, std::min<std::size_t>(waiting, PIPE_BUF));
  errno = EAGAIN;
  return -1;
}

void OutputPump::lose_waiting() {
  if (!has_waiting()) return;
  lost_ += end_ - begin_;
  cut_ = true;
  begin_ = end_;
}

}  // namespace rota::sandbox
