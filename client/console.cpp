#include "client/console.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/unique_fd.hpp"
#include "client/client_error.hpp"
#include "client/exit_status.hpp"

namespace rota::client {
namespace {

bool shows_colour() {
  const char* const no_colour = std::getenv("NO_COLOR");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  const char* const terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && terminal != nullptr && std::strcmp(terminal, "dumb") != 0;
}

const char* escape_of(Colour colour) {
  switch (colour) {
    case Colour::good:
      return "\x1b[32m";
    case Colour::bad:
      return "\x1b[31m";
    case Colour::dim:
      return "\x1b[2m";
    case Colour::none:
      break;
  }
  return "";
}

// A writable pipe takes this much without blocking (pipe(7)).
constexpr std::size_t kPartBytes = 4096;

// Turns the signals that end us into something to poll for while it lives: write(2) would go on after libuv's
// handler, and nobody would look at what the handler has noted until all is written.
class SignalWatch {
 public:
  SignalWatch() {
    sigset_t watched;
    ::sigemptyset(&watched);
    for (int signal : ending_signals()) ::sigaddset(&watched, signal);
    ::pthread_sigmask(SIG_BLOCK, &watched, &before_);
    fd_.reset(
        ::signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK));  // without one, poll(2) ignores the entry
  }
  ~SignalWatch() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  // Returns when fd can be written to; throws Interrupted.
  void wait_writable(int fd) const {
    std::array<pollfd, 2> wait{{{fd_.get(), POLLIN, 0}, {fd, POLLOUT, 0}}};
    ::poll(wait.data(), wait.size(), -1);
    signalfd_siginfo came{};
    if (::read(fd_.get(), &came, sizeof came) == sizeof came)
      throw Interrupted{static_cast<int>(came.ssi_signo)};
  }

 private:
  UniqueFd fd_;
  sigset_t before_{};
};

}  // namespace

void write_all(int fd, std::string_view bytes) {
  const SignalWatch signals;
  while (!bytes.empty()) {
    signals.wait_writable(fd);
    const auto written = ::write(fd, bytes.data(), std::min(bytes.size(), kPartBytes));
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      throw ReaderGone();
    } else if (errno != EINTR && errno != EAGAIN) {
      throw ClientError(kUnavailable, std::string("cannot write the output: ") + std::strerror(errno));
    }
  }
}

std::vector<int> ending_signals() {
  std::vector<int> signals;
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    if (action.sa_handler != SIG_IGN) signals.push_back(signal);
  }
  return signals;
}

void say(std::string_view text) {
  write_all(STDERR_FILENO, "rota: " + std::string(text) + "\n");
}

void open_standard_descriptors() {
  for (int fd = ::open("/dev/null", O_RDWR); fd >= 0; fd = ::open("/dev/null", O_RDWR)) {
    if (fd > STDERR_FILENO) {
      ::close(fd);
      return;
    }
  }
}

std::string coloured(std::string_view text, Colour colour) {
  static const bool shown = shows_colour();
  if (!shown || colour == Colour::none) return std::string(text);
  return escape_of(colour) + std::string(text) + "\x1b[0m";
}

}  // namespace rota::client
