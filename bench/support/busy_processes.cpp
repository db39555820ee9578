#include "bench/support/busy_processes.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.hpp"

namespace rota::bench {
namespace {

[[noreturn]] void be_busy(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  ::close_range(3, ~0U, 0);  // a copy of a box's socket would keep the box alive
  for (volatile bool for_ever = true; for_ever;) continue;
  ::_exit(0);
}

}  // namespace

BusyProcesses::BusyProcesses(unsigned count) {
  const pid_t parent = ::getpid();
  for (unsigned i = 0; i < count; ++i) {
    const pid_t pid = check(::fork(), "fork a busy process");
    if (pid == 0) be_busy(parent);
    pids_.push_back(pid);
  }
}

BusyProcesses::~BusyProcesses() {
  for (const pid_t pid : pids_) ::kill(pid, SIGKILL);
  for (const pid_t pid : pids_) ::waitpid(pid, nullptr, 0);
}

}  // namespace rota::bench
