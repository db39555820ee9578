#include "tests/support/daemon.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

#include "base/check.hpp"
#include "tests/support/missing_layers.hpp"

namespace rota::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kEndTimeout = std::chrono::seconds(10);

bool readable_before(int fd, steady_clock::time_point deadline) {
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    pollfd entry{.fd = fd, .events = POLLIN, .revents = 0};
    const int count = ::poll(&entry, 1, static_cast<int>(std::max(left, milliseconds(0)).count()));
    if (count < 0 && errno == EINTR) continue;
    return check(count, "poll") > 0;
  }
}

std::string whole_text(int fd) {
  std::string text;
  char part[4096];
  while (true) {
    const auto count = check(::pread(fd, part, sizeof part, static_cast<off_t>(text.size())), "read output");
    if (count == 0) return text;
    text.append(part, static_cast<std::size_t>(count));
  }
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// After fork, in the child: output and descriptor 3 are put in place,
// everything else of ours is close-on-exec.
[[noreturn]] void become(const std::vector<char*>& argv, int output, int third, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // a test that is killed by its time-out leaves nothing behind
  if (::getppid() != parent) ::_exit(127);
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(null, 0);
  ::dup2(output, 1);
  ::dup2(output, 2);
  if (third == 3) {
    ::fcntl(3, F_SETFD, 0);
  } else if (third >= 0) {
    ::dup2(third, 3);
  }
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

struct Child {
  pid_t pid;
  UniqueFd pid_fd;
};

Child spawn(std::vector<std::string> argv, int output, int third) {
  const std::vector<char*> pointers = pointers_to(argv);
  const pid_t parent = ::getpid();
  const pid_t pid = check(::fork(), "fork");
  if (pid == 0) become(pointers, output, third, parent);
  return {pid, UniqueFd(check(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)), "pidfd_open"))};
}

int reap(pid_t pid) {
  int status = 0;
  check(::waitpid(pid, &status, 0), "waitpid");
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::vector<std::string> command(const std::filesystem::path& program, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program.string());
  return arguments;
}

}  // namespace

std::filesystem::path program_path(const std::string& name) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin" / name;
}

std::filesystem::path shared_cache() {
  return program_path("").parent_path().parent_path() / "tests/cache";
}

std::vector<std::string> flags_of_test_nodes() {
  return also_without_cgroups(
      {"--no-prepare", "--drain-time", "1ms", "--host-cache", shared_cache() / "host"});
}

Daemon::Daemon(const std::filesystem::path& program, std::vector<std::string> arguments,
               milliseconds start_timeout)
    : output_(check(::memfd_create("daemon-output", MFD_CLOEXEC), "memfd_create")) {
  try {
    start(program, std::move(arguments));
    read_address(start_timeout);
  } catch (...) {
    end();
    throw;
  }
}

Daemon::~Daemon() {
  end();
}

void Daemon::start(const std::filesystem::path& program, std::vector<std::string> arguments) {
  int ends[2];
  check(::pipe2(ends, O_CLOEXEC), "pipe2");
  ready_.reset(ends[0]);
  const UniqueFd theirs(ends[1]);
  arguments.insert(arguments.end(), {"--ready-fd", "3"});
  Child child = spawn(command(program, std::move(arguments)), output_.get(), theirs.get());
  pid_ = child.pid;
  pid_fd_ = std::move(child.pid_fd);
}

void Daemon::read_address(milliseconds timeout) {
  const auto deadline = steady_clock::now() + timeout;
  std::string line;
  while (line.find('\n') == std::string::npos) {
    if (!readable_before(ready_.get(), deadline))
      throw std::runtime_error("daemon is not ready in time:\n" + output());
    char part[256];
    const auto count = check(::read(ready_.get(), part, sizeof part), "read ready fd");
    if (count == 0) {
      wait(kEndTimeout);
      throw std::runtime_error("daemon ended before it was ready:\n" + output());
    }
    line.append(part, static_cast<std::size_t>(count));
  }
  const std::size_t colon = line.rfind(':');
  if (colon == std::string::npos) throw std::runtime_error("not an address on the ready fd: " + line);
  host_ = line.substr(0, colon);
  port_ = std::stoi(line.substr(colon + 1));
}

void Daemon::signal(int number) {
  if (!status_) check(::kill(pid_, number), "kill daemon");
}

std::optional<int> Daemon::wait(milliseconds timeout) {
  if (!status_ && readable_before(pid_fd_.get(), steady_clock::now() + timeout)) status_ = reap(pid_);
  return status_;
}

int Daemon::stop() {
  signal(SIGTERM);
  if (const auto status = wait(kEndTimeout)) return *status;
  throw std::runtime_error("daemon does not end on SIGTERM:\n" + output());
}

std::string Daemon::output() const {
  return whole_text(output_.get());
}

void Daemon::end() noexcept {
  if (pid_ < 0 || status_) return;
  try {
    signal(SIGTERM);
    if (wait(kEndTimeout)) return;
    signal(SIGKILL);
    wait(kEndTimeout);
  } catch (const std::exception&) {
    // A destructor has nobody to tell; the parent-death signal still ends the child.
  }
}

Finished run_to_end(const std::filesystem::path& program, std::vector<std::string> arguments,
                    milliseconds timeout) {
  const UniqueFd output(check(::memfd_create("program-output", MFD_CLOEXEC), "memfd_create"));
  const Child child = spawn(command(program, std::move(arguments)), output.get(), -1);
  const bool ended = readable_before(child.pid_fd.get(), steady_clock::now() + timeout);
  if (!ended) ::kill(child.pid, SIGKILL);
  const int status = reap(child.pid);
  if (!ended) throw std::runtime_error(program.string() + " does not end:\n" + whole_text(output.get()));
  return {status, whole_text(output.get())};
}

}  // namespace rota::test
