#pragma once
// How a submission's outcome is shown: the program's own output as it is, our words on stderr.

#include <set>
#include <string>

#include "protocol/packets.hpp"

namespace rota::client {

struct ReportOptions {
  bool json = false;    // the result packet as one JSON object on stdout, instead of the program's output
  bool events = false;  // the timeline on stderr, live
  bool quiet = false;   // no verdict line and no compiler warnings where the verdict is AC
};

// The timeline as it comes: each event once, whether it comes live or with the result.
class Timeline {
 public:
  void show(const protocol::Event& event);

 private:
  std::set<std::string> shown_;
};

// Prints the outcome and returns the exit status. Throws what write_all throws.
int report_result(const protocol::Result& result, const ReportOptions& options, Timeline& timeline);
int report_error(const protocol::Error& error, const ReportOptions& options);

// "AC: exit code 0; 1.2 ms CPU, 3.4 ms wall, 1.5 MiB; cpp on node-1", harmless.
std::string verdict_line(const protocol::Result& result);

}  // namespace rota::client
