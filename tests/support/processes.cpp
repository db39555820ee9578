#include "tests/support/processes.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "base/cgroup_search.hpp"
#include "base/check.hpp"

namespace rota::test {
namespace {

namespace fs = std::filesystem;

struct Process {
  pid_t pid = 0;
  pid_t parent = 0;
  char state = 0;
};

// /proc/PID/stat: "pid (name) state parent …"; the name may hold blanks and
// parentheses, so its last ')' counts.
Process process_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  const std::size_t end = line.rfind(')');
  if (end == std::string::npos) return {};
  std::istringstream rest(line.substr(end + 1));
  Process process{.pid = pid};
  rest >> process.state >> process.parent;
  return process;
}

std::vector<Process> all_processes() {
  std::vector<Process> processes;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (!std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c) != 0; }))
      continue;
    const Process process = process_of(std::stoi(name));
    if (process.pid != 0) processes.push_back(process);
  }
  return processes;
}

}  // namespace

std::vector<pid_t> descendants_of(pid_t pid) {
  std::multimap<pid_t, pid_t> children;
  for (const Process& process : all_processes()) children.emplace(process.parent, process.pid);
  std::vector<pid_t> found{pid};
  for (std::size_t next = 0; next < found.size(); ++next) {
    const auto [begin, end] = children.equal_range(found[next]);
    for (auto child = begin; child != end; ++child) found.push_back(child->second);
  }
  found.erase(found.begin());
  return found;
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> found;
  for (const Process& process : all_processes()) {
    if (process.parent == pid) found.push_back(process.pid);
  }
  return found;
}

bool is_running(pid_t pid) {
  const Process process = process_of(pid);
  return process.pid != 0 && process.state != 'Z' && process.state != 'X';
}

bool try_signal(pid_t pid, int signal) {
  if (pid <= 0) throw std::logic_error("no process to send a signal to");
  if (::kill(pid, signal) == 0) return true;
  if (errno != ESRCH) throw std::system_error(errno, std::system_category(), "send a signal");
  return false;
}

void send_signal(pid_t pid, int signal) {
  if (!try_signal(pid, signal))
    throw std::system_error(ESRCH, std::system_category(), "send a signal to " + std::to_string(pid));
}

std::vector<UniqueFd> watch(const std::vector<pid_t>& pids) {
  std::vector<UniqueFd> watched;
  for (const pid_t pid : pids) {
    watched.emplace_back(check(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)), "watch a process"));
  }
  return watched;
}

bool have_ended(const std::vector<UniqueFd>& watched, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  return std::all_of(watched.begin(), watched.end(), [&](const UniqueFd& process) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd end{process.get(), POLLIN, 0};
    return check(::poll(&end, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0))), "poll") > 0;
  });
}

void adopt_orphans() {
  check(::prctl(PR_SET_CHILD_SUBREAPER, 1), "adopt orphans");
}

std::string command_line_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline", std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text;
}

std::vector<std::string> our_cgroups() {
  return find_cgroups([](const std::string& name) { return name.starts_with("rota"); });
}

std::vector<std::string> cgroups_of_box(pid_t box) {
  const std::string own = "rota-box-" + std::to_string(box);
  return find_cgroups([&](const std::string& name) { return name == own; });
}

std::vector<std::string> our_mounts() {
  std::vector<std::string> found;
  std::ifstream file("/proc/self/mountinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.find("rota") != std::string::npos) found.push_back(line);
  }
  return found;
}

bool becomes_true(const std::function<bool()>& condition, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    ::poll(nullptr, 0, 5);
  }
  return true;
}

}  // namespace rota::test
