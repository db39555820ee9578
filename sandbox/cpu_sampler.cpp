#include "sandbox/cpu_sampler.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <memory>
#include <sstream>
#include <string>

namespace rota::sandbox {
namespace {

using Folder = std::unique_ptr<DIR, int (*)(DIR*)>;

// Fields 14 to 17 of /proc/PID/stat: user and system ticks of the process and of the
// children that it waited for. The name before them stands in parentheses and may hold
// anything, so counting begins after the last ')'.
long ticks_in(const std::string& stat) {
  const std::size_t end_of_name = stat.rfind(')');
  if (end_of_name == std::string::npos) return 0;
  std::istringstream fields(stat.substr(end_of_name + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  long sum = 0;
  for (long ticks = 0, field = 14; field <= 17 && fields >> ticks; ++field) sum += ticks;
  return sum;
}

long ticks_of(int proc, const char* process) {
  const UniqueFd file(::openat(proc, (std::string(process) + "/stat").c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 1024> buffer;
  const ssize_t size = file ? ::read(file.get(), buffer.data(), buffer.size()) : -1;
  return size > 0 ? ticks_in(std::string(buffer.data(), static_cast<std::size_t>(size))) : 0;
}

}  // namespace

std::chrono::nanoseconds CpuSampler::used() const {
  if (!proc_) return {};
  UniqueFd again(::openat(proc_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const Folder folder(again ? ::fdopendir(again.get()) : nullptr, ::closedir);
  if (!folder) return {};
  again.release();  // closedir closes it
  long ticks = 0;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (std::isdigit(static_cast<unsigned char>(entry->d_name[0])))
      ticks += ticks_of(proc_.get(), entry->d_name);
  }
  return std::chrono::nanoseconds(ticks * (1'000'000'000L / ::sysconf(_SC_CLK_TCK)));
}

}  // namespace rota::sandbox
