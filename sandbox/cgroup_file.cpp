#include "sandbox/cgroup_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>

#include "base/check.hpp"
#include "sandbox/cgroup_text.hpp"

namespace rota::sandbox {

UniqueFd find_cgroup_file(int folder, const char* name, int flags) {
  return UniqueFd(::openat(folder, name, flags | O_CLOEXEC | O_NOFOLLOW));
}

UniqueFd open_cgroup_file(int folder, const char* name, int flags) {
  UniqueFd file = find_cgroup_file(folder, name, flags);
  check(file.get(), std::string("open ") + name + " of our cgroup");
  return file;
}

std::string read_whole_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string read_text(int file) {
  std::array<char, 4096> text;
  const ssize_t size = check(::pread(file, text.data(), text.size(), 0), "read a cgroup's file");
  return {text.data(), static_cast<std::size_t>(size)};
}

std::uint64_t read_number(const UniqueFd& file) {
  return parse_number(read_text(file.get()));
}

std::uint64_t read_keyed_number(const UniqueFd& file, std::string_view key) {
  return keyed_number(read_text(file.get()), key);
}

bool try_write_text(const UniqueFd& file, std::string_view text) {
  return ::pwrite(file.get(), text.data(), text.size(), 0) >= 0;
}

void write_text(const UniqueFd& file, std::string_view text, const char* what) {
  if (!try_write_text(file, text)) check(-1, what);
}

void write_number(const UniqueFd& file, std::uint64_t value, const char* what) {
  write_text(file, std::to_string(value), what);
}

}  // namespace rota::sandbox
