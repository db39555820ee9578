#include "tests/support/processes.hpp"

#include <poll.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

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

std::string command_line_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline", std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text;
}

std::vector<std::string> our_cgroups() {
  std::vector<std::string> found;
  std::error_code gone;  // cgroups of other runs may go while we look
  fs::recursive_directory_iterator entry("/sys/fs/cgroup", fs::directory_options::skip_permission_denied,
                                         gone);
  for (; !gone && entry != fs::recursive_directory_iterator(); entry.increment(gone)) {
    std::error_code ignored;
    if (entry->is_directory(ignored) && entry->path().filename().string().starts_with("rota")) {
      found.push_back(entry->path());
    }
  }
  return found;
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
