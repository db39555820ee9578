#include "sandbox/end_signals.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>

#include "base/check.hpp"

namespace rota::sandbox {

EndSignals::EndSignals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&signals, signal);
  check(::sigprocmask(SIG_BLOCK, &signals, nullptr), "block the ending signals");
  fd_.reset(check(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK), "make a signal descriptor"));
}

// The signal is left pending, for the idle loop to see it as well.
bool EndSignals::arrived() const {
  pollfd waiting{fd_.get(), POLLIN, 0};
  return ::poll(&waiting, 1, 0) > 0;
}

void reset_signals() {
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);  // refused for SIGKILL and SIGSTOP
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t none;
  ::sigemptyset(&none);
  check(::sigprocmask(SIG_SETMASK, &none, nullptr), "unblock signals");
}

}  // namespace rota::sandbox
