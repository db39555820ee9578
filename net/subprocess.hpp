#pragma once

#include <functional>
#include <string>
#include <vector>

#include "net/handle.hpp"
#include "net/loop.hpp"

namespace rota::net {

// A child process, started by libuv (fork and exec at once, nothing in between). Killed with SIGKILL when its
// owner goes.
class Subprocess {
 public:
  // argv[0] is the program's path. fds[i] becomes the child's descriptor i; -1 gives /dev/null.
  // on_exit gets the exit code, or 128 + signal. Throws std::runtime_error when it cannot be started.
  Subprocess(Loop& loop, const std::vector<std::string>& argv, const std::vector<int>& fds,
             std::function<void(int status)> on_exit);
  ~Subprocess();
  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;

  int pid() const { return running_ ? process_->pid : -1; }
  bool running() const { return running_; }
  void kill(int signal);

 private:
  static void on_exited(uv_process_t* handle, int64_t status, int signal);

  Loop& loop_;
  HandlePtr<uv_process_t> process_;
  std::function<void(int)> on_exit_;
  bool running_ = false;
};

}  // namespace rota::net
