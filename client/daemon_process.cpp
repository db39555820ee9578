#include "client/daemon_process.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {  // glibc 2.36 forgets to say so itself
#include <sys/pidfd.h>
}

#include <array>
#include <fstream>
#include <iterator>

#include "base/check.hpp"

namespace rota::client {
namespace {

constexpr int kReadyFd = 3;               // in the daemon
constexpr std::size_t kTailBytes = 2000;  // of its output, for our message

struct Pipe {
  UniqueFd read, write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  check(::pipe2(ends.data(), O_CLOEXEC), "make a pipe");
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// What the child needs, prepared before fork.
struct Launch {
  std::vector<char*> argv;
  int input, output, ready;
  pid_t parent;
};

// Between fork and exec: only calls that are safe there. Failure ends the child, which the parent sees as the
// ready pipe's end; the exit code is 127 as a shell's.
[[noreturn]] void become_daemon(const Launch& launch) {
  // libuv's handlers would write into the pipe that we share with our parent until exec.
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != launch.parent) ::_exit(127);  // the parent went before the prctl
  ::setpgid(0, 0);                                 // a Ctrl-C at the terminal is for us to handle, in order
  const bool placed = ::dup2(launch.input, 0) >= 0 && ::dup2(launch.output, 1) >= 0 &&
                      ::dup2(launch.output, 2) >= 0 && ::dup2(launch.ready, kReadyFd) >= 0 &&
                      // dup2 onto itself would leave the flag
                      ::fcntl(kReadyFd, F_SETFD, 0) >= 0 && ::close_range(kReadyFd + 1, ~0U, 0) >= 0;
  if (!placed) ::_exit(127);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execv(launch.argv[0], launch.argv.data());
  static constexpr char kMessage[] = "cannot be executed\n";
  [[maybe_unused]] const auto written = ::write(2, kMessage, sizeof kMessage - 1);
  ::_exit(127);
}

pid_t start(const Launch& launch) {
  sigset_t all, before;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &before);
  const pid_t child = ::fork();
  if (child == 0) become_daemon(launch);
  const int error = errno;
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return check(child, "fork");
}

std::string tail_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (text.size() > kTailBytes) text.erase(0, text.size() - kTailBytes);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

DaemonProcess::DaemonProcess(net::Loop& loop, const std::filesystem::path& program,
                             std::vector<std::string> arguments, std::filesystem::path output, Events events)
    : program_(program), output_(std::move(output)), events_(std::move(events)) {
  arguments.insert(arguments.begin(), program.string());
  arguments.insert(arguments.end(), {"--ready-fd", std::to_string(kReadyFd)});
  const UniqueFd input(check(::open("/dev/null", O_RDONLY | O_CLOEXEC), "open /dev/null"));
  const UniqueFd log(
      check(::open(output_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), output_.string()));
  auto pipe = make_pipe();
  // Descriptors that the child is to keep must not stand where others are placed.
  const UniqueFd ready(
      check(::fcntl(pipe.write.get(), F_DUPFD_CLOEXEC, kReadyFd + 1), "duplicate a pipe's end"));
  pipe.write.reset();
  Launch launch{{}, input.get(), log.get(), ready.get(), ::getpid()};
  for (auto& argument : arguments) launch.argv.push_back(argument.data());
  launch.argv.push_back(nullptr);
  pid_ = start(launch);
  ready_ = std::move(pipe.read);
  process_.reset(check(::pidfd_open(pid_, 0), "pidfd_open"));
  watch_.emplace(loop, ready_.get(), [this] { readable(); });
}

DaemonProcess::~DaemonProcess() {
  watch_.reset();
  if (pid_ < 0) return;
  request_stop();
  pollfd ended{process_.get(), POLLIN, 0};
  while (::poll(&ended, 1, kStopPatienceMs) < 0 && errno == EINTR) {
  }
  if ((ended.revents & POLLIN) == 0) ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void DaemonProcess::request_stop() {
  // Not waited for yet, so the number still means this process.
  if (pid_ >= 0) ::kill(pid_, SIGTERM);
}

void DaemonProcess::readable() {
  std::array<char, 256> bytes{};
  const auto count = ::read(ready_.get(), bytes.data(), bytes.size());
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (count > 0) address_.append(bytes.data(), static_cast<std::size_t>(count));
  const auto end = address_.find('\n');
  if (end != std::string::npos) {
    address_.resize(end);
    watch_.reset();
    events_.on_ready(address_);
  } else if (count <= 0) {
    watch_.reset();
    ended_early();
  }
}

void DaemonProcess::ended_early() {
  const auto said = tail_of(output_);
  events_.on_failure(program_.filename().string() + " did not start" + (said.empty() ? "" : ": " + said));
}

}  // namespace rota::client
