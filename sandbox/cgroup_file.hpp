#pragma once
// The files of a cgroup: each holds one small text, which is read and written at offset 0. Descriptors stay open, since
// a read or write by one costs a microsecond while a path costs twenty.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"

namespace rota::sandbox {

inline constexpr std::uint64_t kCpuPeriodUs = 100'000;  // of CPU quotas, the kernel's default

// These throw std::system_error. `folder` is a cgroup's.
UniqueFd open_cgroup_file(int folder, const char* name, int flags);
std::string read_text(int file);  // the first 4 KiB: all of any but a long cgroup.procs
std::uint64_t read_number(const UniqueFd& file);
std::uint64_t read_keyed_number(const UniqueFd& file, std::string_view key);
void write_text(const UniqueFd& file, std::string_view text, const char* what);
void write_number(const UniqueFd& file, std::uint64_t value, const char* what);

// Of /proc, or of a cgroup, by a path of the host; empty where it cannot be read.
std::string read_whole_file(const char* path);

// No descriptor where there is no such file, or no right to it.
UniqueFd find_cgroup_file(int folder, const char* name, int flags);
// False with errno.
bool try_write_text(const UniqueFd& file, std::string_view text);

}  // namespace rota::sandbox
