#pragma once
// What a run gets as stdin (where its caller brings none), stdout and stderr, made ahead of it.
//
// A pipe costs as much as a dozen other calls, so what a run has left as it was made is used again by the next run of
// the same box; the rest is made anew. Everything of a pipe that a program can change, and a later one could see, is
// compared: its buffer's size, whether something is left in it, what stat(2) shows of it (mode and times; before Linux
// 6.15 each write shows there), and what fcntl(2) can change of the open file description. Locks and watches are refused
// by the filter, and whoever held it is dead: a descriptor in flight lies in a socket, of which the box then has none
// (network_watch.hpp).

#include <fcntl.h>
#include <sys/stat.h>

#include "base/unique_fd.hpp"
#include "sandbox/identity.hpp"

namespace rota::sandbox {

// What fcntl(2) can change of an open file description.
struct DescriptionState {
  int flags = 0;
  f_owner_ex owner{};
  int signal = 0;
};
// Throws std::system_error.
DescriptionState look_at_description(int fd);
bool operator==(const DescriptionState& left, const DescriptionState& right);

// The pipe that an output stream goes through.
class OutputPipe {
 public:
  explicit OutputPipe(const Identity& identity);  // throws std::system_error

  int source() const { return source_.get(); }  // non-blocking
  int target() const { return target_.get(); }  // the program's; programs may open it anew as /dev/stdout

  // When no process of a run lives any more. Throws std::system_error.
  bool is_as_made() const;

 private:
  UniqueFd source_, target_;
  struct stat status_ {};
  DescriptionState description_;
  int buffer_bytes_ = 0;
};

class NullInput {
 public:
  NullInput();  // throws std::system_error

  int fd() const { return fd_.get(); }
  bool is_as_made() const { return look_at_description(fd_.get()) == description_; }

 private:
  UniqueFd fd_;
  DescriptionState description_;
};

struct StandardStreams {
  // The identity must outlive it. Throws std::system_error.
  explicit StandardStreams(const Identity& whose) : identity(whose), out(whose), err(whose) {}

  // Makes anew what the last run has changed. When no process of it lives any more. Throws std::system_error.
  void clean();

  const Identity& identity;
  NullInput in;
  OutputPipe out, err;
};

}  // namespace rota::sandbox
