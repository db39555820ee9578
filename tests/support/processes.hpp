#pragma once
// What a daemon has started, and what it may have left on the host: for tests that nothing is left behind.

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace rota::test {

// Children, their children, and so on, as /proc shows them now.
std::vector<pid_t> descendants_of(pid_t pid);

// The direct children.
std::vector<pid_t> children_of(pid_t pid);

// Whether a process (not a zombie) of that id exists.
bool is_running(pid_t pid);

// argv joined by blanks; empty once the process has gone.
std::string command_line_of(pid_t pid);

// Cgroup folders below /sys/fs/cgroup whose name begins with "rota".
std::vector<std::string> our_cgroups();

// This mount namespace's mount points that have "rota" in their line of /proc/self/mountinfo.
std::vector<std::string> our_mounts();

// For states of other processes that no descriptor tells of: looks every 5 ms until the condition holds or
// the time has passed, and says whether it held.
bool becomes_true(const std::function<bool()>& condition,
                  std::chrono::milliseconds timeout = std::chrono::seconds(10));

}  // namespace rota::test
