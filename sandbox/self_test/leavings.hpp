#pragma once
// What boxes may have left on the host after their end.

#include <sys/types.h>

#include <set>
#include <string>
#include <vector>

namespace rota::sandbox {

// Takes note of the host before the first box is started, and compares afterwards.
class HostWatch {
 public:
  // From here on, processes that lose their parent below us become our children (PR_SET_CHILD_SUBREAPER).
  HostWatch();

  // After all boxes have ended: a sentence for each thing that is still there. Processes below us, the boxes'
  // cgroups, mounts that were not there before, System V objects of the boxes' users.
  std::vector<std::string> find_leavings(const std::vector<pid_t>& boxes) const;

 private:
  std::set<std::string> mounts_;
};

}  // namespace rota::sandbox
