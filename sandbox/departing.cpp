#include "sandbox/departing.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <utility>

#include "sandbox/end_process.hpp"
#include "sandbox/syscalls.hpp"

namespace rota::sandbox {

void Departing::add(pid_t init, UniqueFd pidfd) {
  inits_.push_back({init, std::move(pidfd)});
}

void Departing::tell_to_end() {
  for (Init& init : inits_) {
    if (!std::exchange(init.told_to_end, true)) send_signal_by_pidfd(init.pidfd.get(), SIGKILL);
  }
}

void Departing::reap() {
  std::erase_if(inits_, [](const Init& init) {
    return init.told_to_end && ::waitpid(init.pid, nullptr, __WALL | WNOHANG) != 0;
  });
  tell_to_end();
  if (inits_.size() > kMost) await_all();
}

void Departing::await_all() {
  tell_to_end();
  for (const Init& init : inits_) end_process(init.pid, init.pidfd.get());
  inits_.clear();
}

}  // namespace rota::sandbox
