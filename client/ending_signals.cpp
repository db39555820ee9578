#include "client/ending_signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include "base/check.hpp"

namespace rota::client {
namespace {

sigset_t wanted_signals() {
  sigset_t wanted;
  ::sigemptyset(&wanted);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    if (action.sa_handler != SIG_IGN) ::sigaddset(&wanted, signal);
  }
  return wanted;
}

}  // namespace

EndingSignals::EndingSignals() {
  const sigset_t wanted = wanted_signals();
  fd_.reset(check(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK), "make a signal descriptor"));
  ::pthread_sigmask(SIG_BLOCK, &wanted, &before_);
}

EndingSignals::~EndingSignals() {
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

std::optional<int> EndingSignals::take() const {
  signalfd_siginfo came{};
  if (::read(fd_.get(), &came, sizeof came) != static_cast<ssize_t>(sizeof came)) return std::nullopt;
  return static_cast<int>(came.ssi_signo);
}

}  // namespace rota::client
