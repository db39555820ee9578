#pragma once
// What a daemon or a box has started, and what it may have left on the host: for tests that nothing is left
// behind.

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"

namespace rota::test {

// Children, their children, and so on, as /proc shows them now.
std::vector<pid_t> descendants_of(pid_t pid);

// The direct children.
std::vector<pid_t> children_of(pid_t pid);

// Whether a process (not a zombie) of that id exists.
bool is_running(pid_t pid);

// kill(2) of one process only: throws std::logic_error for what would be several (0, -1), as a search gives that has
// found none.
void send_signal(pid_t pid, int signal);

// Likewise, of one that may have ended by itself meanwhile: false where it is gone.
bool try_signal(pid_t pid, int signal);

// Descriptors (pidfd_open(2)) by which the end of processes can be awaited. An id has to be that of a process
// that exists, and cannot be mistaken for a later one's afterwards. Throws std::system_error.
std::vector<UniqueFd> watch(const std::vector<pid_t>& pids);

// Waits until all of them have ended; false when one goes on for longer than that. A zombie has ended.
bool have_ended(const std::vector<UniqueFd>& watched,
                std::chrono::milliseconds timeout = std::chrono::seconds(10));

// From now on, processes whose parent ends become our children instead of those of process 1
// (PR_SET_CHILD_SUBREAPER), so that descendants_of(getpid()) shows them.
void adopt_orphans();

// argv joined by blanks; empty once the process has gone.
std::string command_line_of(pid_t pid);

// Cgroup folders below /sys/fs/cgroup whose name begins with "rota".
std::vector<std::string> our_cgroups();

// Cgroup folders of the box with this process id, wherever they stand below /sys/fs/cgroup.
std::vector<std::string> cgroups_of_box(pid_t box);

// This mount namespace's mount points that have "rota" in their line of /proc/self/mountinfo.
std::vector<std::string> our_mounts();

// For states of other processes that no descriptor tells of: looks every 5 ms until the condition holds or
// the time has passed, and says whether it held.
bool becomes_true(const std::function<bool()>& condition,
                  std::chrono::milliseconds timeout = std::chrono::seconds(10));

}  // namespace rota::test
