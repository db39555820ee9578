#pragma once
// A daemon of ours as a real child process of the test: started with --ready-fd, waited for until it takes
// connections, and ended with the test whatever happens. What it writes to stdout and stderr is kept for the
// failure message. The test program must be single-threaded while it starts one (it forks).

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"

namespace rota::test {

// A program of the build that this test belongs to: <build>/bin/NAME.
std::filesystem::path program_path(const std::string& name);

// Folder for what all tests of this build share, as the outcome of a node's self-test: <build>/tests/cache.
std::filesystem::path shared_cache();

// Flags for every node that a test starts: they do not test themselves one by one, and start on every host.
std::vector<std::string> flags_of_test_nodes();

class Daemon {
 public:
  // Starts `program arguments… --ready-fd N` and waits for its address. Throws std::runtime_error, with what
  // the daemon wrote, when it ends or stays silent instead.
  Daemon(const std::filesystem::path& program, std::vector<std::string> arguments,
         std::chrono::milliseconds start_timeout = std::chrono::seconds(60));
  // SIGTERM, and SIGKILL where it is not gone after ten seconds.
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  pid_t pid() const { return pid_; }
  const std::string& host() const { return host_; }
  int port() const { return port_; }
  std::string address() const { return host_ + ":" + std::to_string(port_); }

  void signal(int number);

  // The exit code, or 128 + signal, once it has ended; nullopt when it goes on for longer than that.
  std::optional<int> wait(std::chrono::milliseconds timeout);

  // SIGTERM and wait; throws std::runtime_error when it has not ended after ten seconds.
  int stop();

  // What it has written to stdout and stderr until now.
  std::string output() const;

 private:
  void start(const std::filesystem::path& program, std::vector<std::string> arguments);
  void read_address(std::chrono::milliseconds timeout);
  void end() noexcept;

  UniqueFd output_;
  UniqueFd ready_;
  UniqueFd pid_fd_;
  pid_t pid_ = -1;
  std::optional<int> status_;
  std::string host_;
  int port_ = 0;
};

// Runs a program to its end and hands back what it wrote; for tests of usage errors and of short commands.
struct Finished {
  int status = 0;      // exit code, or 128 + signal
  std::string output;  // stdout and stderr, as they came
};

// Throws std::runtime_error when it has not ended in time; it is killed then.
Finished run_to_end(const std::filesystem::path& program, std::vector<std::string> arguments,
                    std::chrono::milliseconds timeout = std::chrono::seconds(30));

}  // namespace rota::test
