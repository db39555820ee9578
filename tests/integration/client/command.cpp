#include "tests/integration/client/command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "base/check.hpp"
#include "tests/support/daemon.hpp"
#include "tests/support/processes.hpp"

namespace rota::test {
namespace {

struct Ends {
  UniqueFd ours, theirs;
};

Ends pipe_from_them() {
  std::array<int, 2> ends{};
  check(::pipe2(ends.data(), O_CLOEXEC), "pipe2");
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Ends terminal() {
  int ours = -1, theirs = -1;
  check(::openpty(&ours, &theirs, nullptr, nullptr, nullptr), "openpty");
  termios settings{};
  check(::tcgetattr(theirs, &settings), "tcgetattr");
  ::cfmakeraw(&settings);  // newlines come as they are written
  check(::tcsetattr(theirs, TCSANOW, &settings), "tcsetattr");
  ::fcntl(ours, F_SETFD, FD_CLOEXEC);
  ::fcntl(theirs, F_SETFD, FD_CLOEXEC);
  return {UniqueFd(ours), UniqueFd(theirs)};
}

// The whole environment of a call, as "NAME=VALUE".
std::vector<std::string> environment_of(const Home& home, const std::map<std::string, std::string>& more) {
  std::map<std::string, std::string> all{{"PATH", "/usr/local/bin:/usr/bin:/bin"},
                                         {"HOME", home.path().string()},
                                         {"TMPDIR", home.temporary().string()},
                                         {"XDG_CACHE_HOME", shared_cache().string()},
                                         {"TERM", "xterm"}};
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"}) {
    if (const char* value = ::getenv(name)) all[name] = value;
  }
  for (const auto& [name, value] : more) all[name] = value;
  std::vector<std::string> lines;
  for (const auto& [name, value] : all) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string contents_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);  // empty where the process has gone
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Running processes with the text in one of these files of their folder in /proc.
std::vector<pid_t> processes_with(const std::vector<std::string>& files, const std::string& text) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    for (const auto& file : files) {
      if (contents_of(entry.path() / file).find(text) == std::string::npos || !is_running(std::stoi(name)))
        continue;
      found.push_back(std::stoi(name));
      break;
    }
  }
  return found;
}

}  // namespace

Home::Home() {
  std::filesystem::create_directories(work());
  std::filesystem::create_directories(temporary());
}

void Home::write(const std::string& name, const std::string& bytes) const {
  std::ofstream(work() / name, std::ios::binary) << bytes;
}

std::vector<pid_t> Home::daemons() const {
  return processes_with({"cmdline"}, temporary().string());
}

std::vector<pid_t> Home::processes() const {
  return processes_with({"cmdline", "environ"}, temporary().string());
}

Command::Command(const Home& home, std::vector<std::string> arguments, Options options) {
  auto program = options.program.empty() ? program_path("rota").string() : options.program.string();
  arguments.insert(arguments.begin(), program);
  auto environment = environment_of(home, options.environment);
  auto out = pipe_from_them();
  auto err = options.terminal ? terminal() : pipe_from_them();
  auto input = pipe_from_them();  // here they read
  if (options.closed_output) out.ours.reset();
  const auto argv = pointers_to(arguments);
  const auto envp = pointers_to(environment);
  const auto folder = home.work().string();
  const pid_t parent = ::getpid();
  pid_ = check(::fork(), "fork");
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const bool placed = ::getppid() == parent && ::chdir(folder.c_str()) == 0 &&
                        ::dup2(input.ours.get(), 0) == 0 && ::dup2(out.theirs.get(), 1) == 1 &&
                        ::dup2(err.theirs.get(), 2) == 2;
    if (placed) ::execve(program.c_str(), argv.data(), envp.data());
    ::_exit(127);
  }
  out_.fd = std::move(out.ours);
  err_.fd = std::move(err.ours);
  input_ = std::move(input.theirs);
  if (!options.input.empty())
    check(::write(input_.get(), options.input.data(), options.input.size()), "write stdin");
  if (!options.open_input) input_.reset();
}

Command::~Command() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Command::signal(int number) const {
  check(::kill(pid_, number), "kill");
}

int Command::unread_output() const {
  int bytes = 0;
  check(::ioctl(out_.fd.get(), FIONREAD, &bytes), "FIONREAD");
  return bytes;
}

// False once both streams have ended.
bool Command::read_some(std::chrono::steady_clock::time_point deadline) {
  if (!out_.fd && !err_.fd) return false;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  std::array<pollfd, 2> watched{{{out_.fd.get(), POLLIN, 0}, {err_.fd.get(), POLLIN, 0}}};
  const int count = ::poll(watched.data(), watched.size(), std::max(0, static_cast<int>(left.count())));
  if (count == 0) give_up("nothing more came in time");
  if (watched[0].revents != 0) read_into(out_);
  if (watched[1].revents != 0) read_into(err_);
  return true;
}

void Command::read_into(Stream& stream) {
  std::array<char, 65536> bytes{};
  const auto count = ::read(stream.fd.get(), bytes.data(), bytes.size());
  if (count <= 0) return stream.fd.reset();  // a terminal ends with EIO
  stream.text.append(bytes.data(), static_cast<std::size_t>(count));
}

void Command::await(const Stream& stream, const std::string& text) {
  const auto deadline = std::chrono::steady_clock::now() + kTimeout;
  while (stream.text.find(text) == std::string::npos) {
    if (!read_some(deadline)) give_up("it ended before it wrote '" + text + "'");
  }
}

Outcome Command::finish() {
  const auto deadline = std::chrono::steady_clock::now() + kTimeout;
  while (read_some(deadline)) {
  }
  int status = 0;
  check(::waitpid(std::exchange(pid_, -1), &status, 0), "waitpid");
  return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), out_.text, err_.text};
}

void Command::give_up(const std::string& why) {
  throw std::runtime_error(why + "\nstdout:\n" + out_.text + "\nstderr:\n" + err_.text);
}

Outcome rota(const Home& home, std::vector<std::string> arguments, Command::Options options) {
  return Command(home, std::move(arguments), std::move(options)).finish();
}

}  // namespace rota::test
