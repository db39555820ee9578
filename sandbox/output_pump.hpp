#pragma once
// Carries one of the program's output streams from our pipe to the caller's sink, up to a
// limit. Neither end is ever waited for here: the run's poll loop asks what to wait for, so
// that limits go on working beside a slow sink.

#include <poll.h>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace rota::sandbox {

class OutputPump {
 public:
  // Both are borrowed. source: the pipe's reading end, non-blocking. sink: -1 drops; may be a file, memfd, pipe or
  // socket.
  OutputPump(int source, int sink, std::uint64_t limit);

  // What to poll next; fd -1 when there is nothing to wait for.
  pollfd interest() const;

  // The descriptor of interest() is ready.
  void advance();

  // All writers are dead: what is in the pipe is all there will be.
  void finish();

  // The sink is given up: what is still waiting is lost, and said to be cut.
  void abandon();

  bool is_done() const { return !has_source() && !has_waiting(); }
  bool has_passed_limit() const { return passed_limit_; }
  int sink_error() const { return sink_error_; }  // why the sink takes nothing any more; 0: it does
  bool is_cut() const { return cut_; }            // more was written than was kept, for whatever reason
  std::uint64_t kept_bytes() const { return taken_ - lost_; }  // at most the limit

 private:
  static constexpr std::size_t kBufferBytes = 64 << 10;

  bool has_source() const { return source_ >= 0; }
  bool has_waiting() const { return begin_ < end_; }
  void read_source();
  void write_sink();
  ssize_t write_some();
  void lose_waiting();

  int source_;  // -1 once it has come to its end
  int sink_;
  bool sink_is_file_ = false;  // never full in the way of a pipe
  int sink_error_ = 0;
  bool finishing_ = false;
  std::uint64_t limit_;
  std::uint64_t taken_ = 0;  // of what was read, what the limit let through
  std::uint64_t lost_ = 0;   // of this, what the sink did not take
  bool passed_limit_ = false;
  bool cut_ = false;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0, end_ = 0;
};

}  // namespace rota::sandbox
