#include "base/daemon.hpp"

#include <linux/sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>

#include "base/check.hpp"
#include "base/unique_fd.hpp"

namespace rota {
namespace {

// The first version of struct sched_attr, sched_setattr(2); <linux/sched/types.h> and <sched.h> do not go together.
struct SchedAttributes {
  std::uint32_t size = sizeof(SchedAttributes);
  std::uint32_t sched_policy = 0;
  std::uint64_t sched_flags = 0;
  std::int32_t sched_nice = 0;
  std::uint32_t sched_priority = 0;
  std::uint64_t sched_runtime = 0, sched_deadline = 0, sched_period = 0;
};

}  // namespace

std::string host_name() {
  std::array<char, 256> name{};
  const bool known = ::gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0';
  return known ? name.data() : "localhost";
}

std::filesystem::path default_state_dir(const std::string& name) {
  const std::filesystem::path folder = std::filesystem::path("rota") / name;
  if (::geteuid() == 0) return "/var/lib" / folder;
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return state / folder;
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home != nullptr ? home : ".") / ".local/state" / folder;
}

void tell_ready(int fd, const std::string& address) {
  if (fd < 0) return;
  const UniqueFd owned(fd);
  const std::string line = address + "\n";
  check(::write(owned.get(), line.data(), line.size()), "write to --ready-fd");
}

void ask_for_short_slices() {
  constexpr std::uint64_t kSlice = 100'000;  // nanoseconds, the shortest that the kernel knows
  SchedAttributes attributes;
  if (::syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0) return;
  attributes.sched_flags |= SCHED_FLAG_RESET_ON_FORK;
  attributes.sched_runtime = kSlice;
  ::syscall(SYS_sched_setattr, 0, &attributes, 0);
}

}  // namespace rota
