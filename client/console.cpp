#include "client/console.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/unique_fd.hpp"
#include "client/client_error.hpp"
#include "client/ending_signals.hpp"
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

// Returns when fd can be written to; throws Interrupted.
void wait_writable(int fd, const EndingSignals& signals) {
  std::array<pollfd, 2> wait{{{signals.fd(), POLLIN, 0}, {fd, POLLOUT, 0}}};
  ::poll(wait.data(), wait.size(), -1);
  if (const auto signal = signals.take()) throw Interrupted{*signal};
}

}  // namespace

void write_all(int fd, std::string_view bytes) {
  const EndingSignals signals;
  while (!bytes.empty()) {
    wait_writable(fd, signals);
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

void say(std::string_view text) {
  write_all(STDERR_FILENO, "rota: " + std::string(text) + "\n");
}

void open_standard_descriptors() {
  for (int fd = ::open("/dev/null", O_RDWR); fd >= 0; fd = ::open("/dev/null", O_RDWR)) {
    const UniqueFd in_excess(fd > STDERR_FILENO ? fd : -1);
    if (in_excess) return;
  }
}

std::string coloured(std::string_view text, Colour colour) {
  static const bool shown = shows_colour();
  if (!shown || colour == Colour::none) return std::string(text);
  return escape_of(colour) + std::string(text) + "\x1b[0m";
}

}  // namespace rota::client
