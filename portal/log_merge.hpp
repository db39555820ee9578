#pragma once
// Lines of several hosts' logs, each in order of time, into one stream in order of time. Sans-IO.
//
// A line goes out once every source that is still going has a later line waiting. Where that could take for
// ever (a host that follows its log and has nothing to say) a line goes out after it has been held for
// `hold`; so it does when more than max_held lines wait, at the cost of the order between hosts.

#include <chrono>
#include <cstddef>
#include <deque>
#include <vector>

#include "base/time.hpp"
#include "protocol/event.hpp"

namespace rota::portal {

struct LogMergeBounds {
  std::chrono::milliseconds hold{300};
  std::size_t max_held = 50'000;  // lines
};

class LogMerge {
 public:
  using Lines = std::vector<protocol::Event>;

  LogMerge(std::size_t sources, bool follow, LogMergeBounds bounds = {})
      : sources_(sources), follow_(follow), bounds_(bounds) {}

  void add(std::size_t source, protocol::Event line, Instant now);
  void end(std::size_t source) { sources_.at(source).ended = true; }
  void reopen(std::size_t source) { sources_.at(source).ended = false; }
  bool ended(std::size_t source) const { return sources_.at(source).ended; }

  // The lines that may go out now, in order.
  Lines take(Instant now);

  // Every source has ended and every line has gone out.
  bool done() const;

 private:
  struct Held {
    protocol::Event line;
    Nanoseconds since;
  };
  struct Source {
    std::deque<Held> lines;
    bool ended = false;
  };

  Source* earliest();
  bool may_go(const Source& source, Instant now) const;

  std::vector<Source> sources_;
  bool follow_;
  LogMergeBounds bounds_;
  std::size_t held_ = 0;
};

}  // namespace rota::portal
