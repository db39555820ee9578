#pragma once
// `rota-box run`: one run by hand, in this process, without a socket.

#include <filesystem>
#include <string>
#include <vector>

#include "sandbox/supervisor.hpp"

namespace rota::sandbox {

struct RunCommand {
  BoxOptions box;
  protocol::Limits limits;
  std::uint64_t address_space_bytes = 0;  // see RunSpec
  std::vector<std::string> argv;
  std::vector<std::string> environment;
  std::vector<std::string> inputs;  // files of the host, copied into /work under their own names
  std::string stdin_file;           // empty or "-": our own stdin
  bool json = false;                // the report as one JSON line on stderr
};

// The program's stdout and stderr go to ours. Returns the program's exit code, 128 + its signal, or kBoxFailure where
// it did not run or its output could not be written. A program given as a relative path with a '/' is copied into /work
// first. Throws std::invalid_argument for what is asked wrongly, std::runtime_error where an expected layer is missing
// or the box cannot be made.
inline constexpr int kBoxFailure = 75;
int run_by_hand(const RunCommand& command);

// `rota-box doctor`: prints every layer, the boxes' and the given one of the node's, as "on", "OFF" (a fault) or "off …
// (not expected here)", and makes a trial run of /bin/true. 0 where that works and no expected layer is missing beside
// options.allow_missing.
int examine(const BoxOptions& options, const Layer& self_test);

}  // namespace rota::sandbox
