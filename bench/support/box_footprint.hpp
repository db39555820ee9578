#pragma once
// What a box takes of the machine while it has nothing to do, to be compared before and after many runs.

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace rota::bench {

struct Count {
  std::string name;
  std::uint64_t value = 0;

  bool operator==(const Count&) const = default;
};

// Descriptors, processes, mounts and cgroups that are the box's, ours or the host's and that runs must not
// change. Read once they no longer move, or after ten seconds: a box prepares and clears away after its answer.
// Processes are all descendants of ours, so adopt_orphans() has to have been called.
std::vector<Count> footprint_of(pid_t box);

// What other boxes and users of this host change as well: to look at, not to judge by.
std::vector<Count> host_counts();

// Private_Clean and Private_Dirty (proc_pid_smaps(5)) of the box's processes, in KiB.
std::uint64_t private_kib_of(pid_t box);

}  // namespace rota::bench
