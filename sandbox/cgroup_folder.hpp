#pragma once
// One box's folder in one cgroup hierarchy, named rota-box-<pid>. While its owner lives it holds a lock (flock(2)) on the
// folder: that is how a later box tells a dead box's leavings from a live one.

#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"

namespace rota::sandbox {

// The folder of our own cgroup in the version 1 hierarchy of a controller, from /proc/self/cgroup and
// /proc/self/mountinfo; nullopt where it is not mounted.
std::optional<std::string> find_own_cgroup(const std::string& controller);

// Folders of this prefix in a box's folder go with it: version 2 makes one for each run.
inline constexpr std::string_view kRunPrefix = "run-";

class CgroupFolder {
 public:
  // Sweeps, creates and locks. Throws std::system_error.
  explicit CgroupFolder(const std::string& parent);
  ~CgroupFolder();
  CgroupFolder(const CgroupFolder&) = delete;
  CgroupFolder& operator=(const CgroupFolder&) = delete;

  // Removes the folder and makes it anew, empty of charges; keeps it where something still lives in it.
  void replace();

  UniqueFd open_file(const char* name, int flags) const;
  int fd() const { return folder_.get(); }

 private:
  void create();

  UniqueFd parent_;
  std::string name_;
  UniqueFd folder_;
};

}  // namespace rota::sandbox
