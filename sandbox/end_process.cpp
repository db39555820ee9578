#include "sandbox/end_process.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string_view>

#include "sandbox/deadline.hpp"
#include "sandbox/syscalls.hpp"

namespace rota::sandbox {

void end_process(pid_t child, int pidfd) {
  send_signal_by_pidfd(pidfd, SIGKILL);
  Deadline bound;
  bound.set_after(kWindUpBound);
  pollfd process{pidfd, POLLIN, 0};
  constexpr int kLookMs = 1000;  // a signal that comes in between only costs a turn
  while (::poll(&process, 1, kLookMs) <= 0) {
    if (bound.has_passed(monotonic_now())) give_up();
  }
  ::waitpid(child, nullptr, __WALL);
}

void give_up() {
  static constexpr std::string_view kWords = "rota-box: what was killed does not end; giving up\n";
  if (::write(STDERR_FILENO, kWords.data(), kWords.size()) < 0) ::_exit(2);
  ::_exit(1);
}

}  // namespace rota::sandbox
