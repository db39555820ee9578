#include "sandbox/self_test/leavings.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <fstream>
#include <sstream>

#include "base/cgroup_search.hpp"
#include "base/check.hpp"
#include "sandbox/identity.hpp"

namespace rota::sandbox {
namespace {

std::set<std::string> read_lines(const char* path) {
  std::ifstream file(path);
  std::set<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.insert(line);
  return lines;
}

// A mount's place; its line holds numbers that change by themselves.
std::set<std::string> mount_points() {
  std::set<std::string> points;
  for (const std::string& line : read_lines("/proc/self/mountinfo")) {
    std::istringstream words(line);
    std::string word;
    for (int i = 0; i < 5; ++i) words >> word;
    points.insert(word);
  }
  return points;
}

// Zombies among them are reaped; what still runs is counted by the kernel's refusal to say "no child".
void add_processes(std::vector<std::string>& leavings) {
  int orphans = 0;
  int status = 0;
  pid_t pid = 0;
  while ((pid = ::waitpid(-1, &status, __WALL | WNOHANG)) > 0) ++orphans;
  if (orphans > 0)
    leavings.push_back("ended processes that nobody had waited for: " + std::to_string(orphans));
  if (pid == 0) leavings.emplace_back("a process that a box had started still runs");
}

void add_cgroups(std::vector<std::string>& leavings, const std::vector<pid_t>& boxes) {
  std::set<std::string> names;
  for (const pid_t box : boxes) names.insert("rota-box-" + std::to_string(box));
  for (const std::string& path : find_cgroups([&](const std::string& name) { return names.contains(name); }))
    leavings.push_back("cgroup " + path);
}

void add_ipc_objects(std::vector<std::string>& leavings, const std::vector<pid_t>& boxes) {
  std::set<std::string> users;
  for (const pid_t box : boxes) users.insert(std::to_string(kFirstOwnId + static_cast<uid_t>(box)));
  for (const char* path : {"/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg"}) {
    for (const std::string& line : read_lines(path)) {
      std::istringstream words(line);
      for (std::string word; words >> word;) {
        if (!users.contains(word)) continue;
        leavings.push_back(std::string(path) + ": " + line);
        break;
      }
    }
  }
}

}  // namespace

HostWatch::HostWatch() : mounts_(mount_points()) {
  check(::prctl(PR_SET_CHILD_SUBREAPER, 1), "become the parent of orphans");
}

std::vector<std::string> HostWatch::find_leavings(const std::vector<pid_t>& boxes) const {
  std::vector<std::string> leavings;
  add_processes(leavings);
  add_cgroups(leavings, boxes);
  for (const std::string& point : mount_points()) {
    if (!mounts_.contains(point)) leavings.push_back("mount " + point);
  }
  add_ipc_objects(leavings, boxes);
  return leavings;
}

}  // namespace rota::sandbox
