#include "sandbox/self_test/box_child.hpp"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <stdexcept>

#include "base/check.hpp"

extern char** environ;

namespace rota::sandbox {
namespace {

constexpr int kSocketInside = 3;
constexpr int kReadyPatienceMs = 20'000;
constexpr std::chrono::milliseconds kLastPatience{5'000};

pid_t spawn_box(const std::string& program, const std::vector<std::string>& flags, int socket) {
  std::vector<std::string> arguments{"rota-box", "serve", "--fd", std::to_string(kSocketInside)};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, socket, kSocketInside);
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, program.c_str(), &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), "start a box");
  return pid;
}

// False where the time passes first.
bool is_readable(int fd, std::chrono::milliseconds patience) noexcept {
  pollfd ready{fd, POLLIN, 0};
  return ::poll(&ready, 1, static_cast<int>(patience.count())) > 0;
}

}  // namespace

BoxChild::BoxChild(const std::string& program, const std::vector<std::string>& flags) {
  auto [ours, theirs] = BoxClient::make_sockets();
  pid_ = spawn_box(program, flags, theirs.get());
  theirs.reset();
  client_.emplace(std::move(ours));
  pidfd_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  try {
    check(pidfd_.get(), "watch a box");
    wait_until_ready();
  } catch (...) {
    close(kLastPatience);
    throw;
  }
}

BoxChild::~BoxChild() {
  if (pid_ > 0) close(kLastPatience);
}

void BoxChild::wait_until_ready() {
  std::optional<BoxMessage> message;
  while (!message) {
    if (!is_readable(client_->fd(), std::chrono::milliseconds(kReadyPatienceMs)))
      throw BoxGone("the box does not get ready");
    message = client_->receive();
  }
  if (const auto* refused = std::get_if<BoxRefused>(&*message))
    throw std::runtime_error("the box refuses: " + refused->reason);
  layers_ = std::get<BoxReady>(*message).layers;
}

std::optional<std::string> BoxChild::why_not(const std::string& layer) const {
  for (const Layer& one : layers_) {
    if (one.name != layer) continue;
    if (one.active) return std::nullopt;
    return layer + ": " + one.reason;
  }
  return layer + ": unknown layer";
}

std::optional<std::string> BoxChild::close(std::chrono::milliseconds patience) {
  client_.reset();
  const bool ended = pidfd_ && is_readable(pidfd_.get(), patience);
  if (!ended) ::kill(pid_, SIGKILL);
  int status = 0;
  if (::waitpid(std::exchange(pid_, -1), &status, 0) < 0) return "the box cannot be waited for";
  if (!ended) return "the box did not end with its socket and was killed";
  if (status == 0) return std::nullopt;
  return WIFEXITED(status) ? "the box ended with exit status " + std::to_string(WEXITSTATUS(status))
                           : "the box was ended by signal " + std::to_string(WTERMSIG(status));
}

}  // namespace rota::sandbox
