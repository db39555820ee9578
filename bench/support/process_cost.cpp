#include "bench/support/process_cost.hpp"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace rota::bench {
namespace {

std::string file_of(pid_t pid, const std::string& name) {
  return "/proc/" + std::to_string(pid) + "/" + name;
}

}  // namespace

std::chrono::microseconds cpu_time_of(pid_t pid) {
  std::ifstream file(file_of(pid, "stat"));
  std::string text;
  std::getline(file, text);
  std::istringstream fields(text.substr(text.rfind(')') + 1));  // the name before it may hold anything
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  std::int64_t user = 0, system = 0;
  if (!(fields >> user >> system)) throw std::runtime_error("cannot read " + file_of(pid, "stat"));
  return std::chrono::microseconds((user + system) * 1'000'000 / ::sysconf(_SC_CLK_TCK));
}

std::uint64_t memory_bytes_of(pid_t pid) {
  std::ifstream file(file_of(pid, "status"));
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("RssAnon:")) return std::stoull(line.substr(line.find(':') + 1)) << 10;
  }
  throw std::runtime_error("cannot read " + file_of(pid, "status"));
}

}  // namespace rota::bench
