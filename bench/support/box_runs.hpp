#pragma once
// Runs in a box for benchmarks: as the node asks for them, and nothing that a benchmark needs only for itself
// within the measured time.

#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "bench/support/payloads.hpp"
#include "tests/support/box_process.hpp"

namespace rota::bench {

class BoxRuns {
 public:
  // core: for the box's own processes, as a node gives each of its boxes another.
  explicit BoxRuns(const Payloads& payloads, unsigned core = 0);

  // One request, one reply: the whole of it is what a run costs. The output goes to a memfd, as with the node.
  // Throws unless the run ends for that cause, and with exit code 0 where it exits: a benchmark of something
  // that fails measures nothing.
  protocol::StepReport run(const sandbox::RunSpec& spec, protocol::Cause expected = protocol::Cause::exited);

  // A request for the program argv[0], whose output stays in the memfd until the next spec is made.
  sandbox::RunSpec spec_of(std::vector<std::string> argv);

  // What the last run printed.
  std::string output() const { return sandbox::test::read_all(output_.get()); }

  sandbox::test::BoxProcess& box() { return box_; }

  // Walls that do not stand on this host, with the reason, one a line; figures without them say less.
  std::string missing_layers() const;

 private:
  sandbox::test::BoxProcess box_;
  UniqueFd output_;
};

}  // namespace rota::bench
