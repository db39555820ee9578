#pragma once
// A daemon of ours as a child of this command. It is told to write its address to a pipe once it takes
// connections (--ready-fd), so nobody polls or sleeps. It ends with us, however we end: by SIGTERM from the
// destructor, or, where we are killed, by SIGTERM from the kernel (PR_SET_PDEATHSIG). This command is
// single-threaded, which is what allows plain fork and exec here; the daemons themselves never do that.

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "net/fd_watch.hpp"
#include "net/loop.hpp"

namespace rota::client {

class DaemonProcess {
 public:
  // Exactly one of these is called, unless the process object goes first.
  struct Events {
    std::function<void(const std::string& address)> on_ready;    // "HOST:PORT"
    std::function<void(const std::string& problem)> on_failure;  // it ended before; with what it said last
  };

  // `program` gets `arguments` and --ready-fd; what it writes to stdout and stderr goes to the file `output`.
  // Throws std::system_error.
  DaemonProcess(net::Loop& loop, const std::filesystem::path& program, std::vector<std::string> arguments,
                std::filesystem::path output, Events events);

  // request_stop(), waits, and SIGKILL where it has not ended within kStopPatience.
  ~DaemonProcess();
  DaemonProcess(const DaemonProcess&) = delete;
  DaemonProcess& operator=(const DaemonProcess&) = delete;

  // SIGTERM.
  void request_stop();

  static constexpr int kStopPatienceMs = 5000;

 private:
  void readable();
  void ended_early();

  std::filesystem::path program_;
  std::filesystem::path output_;
  Events events_;
  pid_t pid_ = -1;
  UniqueFd process_;  // pidfd
  UniqueFd ready_;
  std::string address_;
  std::optional<net::FdWatch> watch_;
};

}  // namespace rota::client
