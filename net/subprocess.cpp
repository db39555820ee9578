#include "net/subprocess.hpp"

#include <signal.h>
#include <sys/wait.h>

namespace rota::net {
namespace {

std::vector<uv_stdio_container_t> stdio_of(const std::vector<int>& fds) {
  std::vector<uv_stdio_container_t> stdio(fds.size());
  for (std::size_t i = 0; i < fds.size(); ++i) {
    stdio[i].flags = fds[i] < 0 ? UV_IGNORE : UV_INHERIT_FD;
    stdio[i].data.fd = fds[i];
  }
  return stdio;
}

}  // namespace

Subprocess::Subprocess(Loop& loop, const std::vector<std::string>& argv, const std::vector<int>& fds,
                       std::function<void(int)> on_exit)
    : loop_(loop), process_(new uv_process_t{}), on_exit_(std::move(on_exit)) {
  std::vector<char*> arguments;
  for (const auto& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  auto stdio = stdio_of(fds);

  uv_process_options_t options{};
  options.file = arguments[0];
  options.args = arguments.data();
  options.stdio = stdio.data();
  options.stdio_count = static_cast<int>(stdio.size());
  options.exit_cb = on_exited;
  process_->data = this;
  // uv_spawn initialises the handle even where it fails, so closing it is right in both cases.
  check_uv(uv_spawn(loop.raw(), process_.get(), &options), "start " + argv[0]);
  running_ = true;
}

Subprocess::~Subprocess() {
  if (!running_) return;
  // libuv forgets a process whose handle is closed, so it is reaped here. SIGKILL leaves nothing to wait for
  // but the kernel.
  ::kill(process_->pid, SIGKILL);
  ::waitpid(process_->pid, nullptr, 0);
}

void Subprocess::kill(int signal) {
  if (running_) uv_process_kill(process_.get(), signal);
}

void Subprocess::on_exited(uv_process_t* handle, int64_t status, int signal) {
  auto* self = static_cast<Subprocess*>(handle->data);
  if (self == nullptr) return;
  self->running_ = false;
  auto callback = std::move(self->on_exit_);  // the callback may destroy this object
  self->loop_.guard([&] { callback(signal != 0 ? 128 + signal : static_cast<int>(status)); });
}

}  // namespace rota::net
