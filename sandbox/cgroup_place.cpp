#include "sandbox/cgroup_place.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "base/check.hpp"
#include "sandbox/cgroup_file.hpp"

namespace rota::sandbox {
namespace {

constexpr const char* kLeaf = "rota-host";
constexpr const char* kOwnHome = "rota";
constexpr int kMoveAttempts = 100;

bool exists(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0;
}

bool has_mark(const std::string& folder, const char* name) {
  char value = 0;
  return ::getxattr(folder.c_str(), name, &value, 1) == 1 && value == '1';
}

// systemd marks what it has handed on. Where it does not run, a folder that belongs to an ordinary user tells the same.
bool is_delegated(const std::string& folder) {
  if (has_mark(folder, "user.delegate") || has_mark(folder, "trusted.delegate")) return true;
  struct stat status {};
  const bool tells_by_mark_only = ::geteuid() == 0 || exists("/run/systemd/system");
  return !tells_by_mark_only && ::stat(folder.c_str(), &status) == 0 && status.st_uid == ::geteuid();
}

void make_folder(const std::string& path) {
  // Mode 0700 keeps others from the locks of what is in it.
  if (::mkdir(path.c_str(), 0700) < 0 && errno != EEXIST) check(-1, "create the cgroup " + path);
}

// One pass over those that are there now. One that has ended, or that we may not move, is left out.
void move_processes(const std::string& from, const std::string& to) {
  const UniqueFd processes(
      check(::open((from + "/cgroup.procs").c_str(), O_RDONLY | O_CLOEXEC), "open " + from));
  const UniqueFd target(check(::open((to + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC), "open " + to));
  std::istringstream lines(read_text(processes.get()));
  for (std::string process; std::getline(lines, process);) try_write_text(target, process);
}

// 0, or an errno. EBUSY: processes live in the folder.
int try_to_hand_on(const std::string& folder, const std::string& controller) {
  const UniqueFd control(::open((folder + "/cgroup.subtree_control").c_str(), O_RDWR | O_CLOEXEC));
  if (!control) return errno;
  return try_write_text(control, "+" + controller) ? 0 : errno;
}

bool file_names(const std::string& path, const std::string& controller) {
  std::ifstream file(path);
  for (std::string word; file >> word;) {
    if (word == controller) return true;
  }
  return false;
}

std::string describe(int error, const std::string& folder, const std::string& controller) {
  if (error == ENOENT) return "controller " + controller + " is not there in " + folder;
  if (error == EBUSY) return "processes that cannot be moved live in " + folder;
  return "hand on controller " + controller + " in " + folder + ": " + std::generic_category().message(error);
}

// Processes may be born while others move.
std::string hand_on_in(const std::string& folder, const std::string& controller, const std::string& leaf) {
  if (file_names(folder + "/cgroup.subtree_control", controller)) return {};
  int error = EBUSY;
  for (int attempt = 0; error == EBUSY && attempt < kMoveAttempts; ++attempt) {
    if (attempt > 0) move_processes(folder, leaf);
    error = try_to_hand_on(folder, controller);
    if (leaf.empty()) break;
  }
  return error == 0 ? std::string() : describe(error, folder, controller);
}

}  // namespace

CgroupPlace choose_place(const PlaceFacts& facts) {
  const std::size_t slash = facts.own.rfind('/');
  if (facts.own.substr(slash + 1) == kLeaf) {
    const std::string home = facts.own.substr(0, slash);
    return {home, {}, facts.own, false};
  }
  // What a cgroup namespace shows as the root is the container's own, and a cgroup like others to the kernel.
  const bool is_containers_root = facts.own == facts.mount.point && !facts.is_hierarchy_root;
  if (facts.is_delegated || is_containers_root) return {facts.own, {}, facts.own + "/" + kLeaf, false};
  if (facts.is_root_user) return {facts.mount.point + "/" + kOwnHome, {facts.mount.point}, "", true};
  throw NoCgroupPlace("cgroup version 2: " + facts.own +
                      " is not handed on to us (systemd: start in a unit with Delegate=yes)");
}

PlaceFacts find_place_facts() {
  const auto path = path_in_hierarchy(read_whole_file("/proc/self/cgroup"), kVersion2);
  if (!path) throw NoCgroupPlace("no cgroup version 2 in this kernel");
  for (const HierarchyMount& mount :
       find_hierarchy_mounts(read_whole_file("/proc/self/mountinfo"), kVersion2)) {
    const auto own = folder_of(mount, *path);
    if (!own || !exists(*own)) continue;
    return {mount, *own, !exists(*own + "/cgroup.type"), is_delegated(*own), ::geteuid() == 0};
  }
  throw NoCgroupPlace("no mount shows our cgroup of version 2");
}

bool has_controller(const CgroupPlace& place, const std::string& controller) {
  const std::string& outermost = place.above.empty() ? place.home : place.above.front();
  return file_names(outermost + "/cgroup.controllers", controller);
}

void make_home(const CgroupPlace& place) {
  if (place.is_made_by_us) make_folder(place.home);
  if (!place.leaf.empty()) make_folder(place.leaf);
}

std::string hand_on(const CgroupPlace& place, const std::string& controller) {
  for (const std::string& folder : place.above) {
    if (std::string problem = hand_on_in(folder, controller, ""); !problem.empty()) return problem;
  }
  return hand_on_in(place.home, controller, place.leaf);
}

}  // namespace rota::sandbox
