#include "client/input_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/unique_fd.hpp"
#include "client/client_error.hpp"
#include "client/exit_status.hpp"
#include "client/harmless.hpp"

namespace rota::client {
namespace {

[[noreturn]] void refuse(const std::string& path, const char* what, const std::string& why) {
  throw ClientError(kNoInput, fmt::format("{} {}: {}", what, harmless_line(path), why));
}

}  // namespace

std::string read_input(const std::string& path, const char* what, std::size_t max_bytes, bool dash_is_stdin) {
  const bool is_stdin = dash_is_stdin && path == "-";
  UniqueFd file(is_stdin ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                         : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) < 0) refuse(path, what, std::strerror(errno));
  if (S_ISDIR(status.st_mode)) refuse(path, what, "is a folder; name a file");
  std::string bytes;
  for (std::size_t size = 0;;) {
    bytes.resize(std::max<std::size_t>(bytes.size(), size + (64 << 10)));
    const auto count = ::read(file.get(), bytes.data() + size, bytes.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) refuse(path, what, std::strerror(errno));
    size += static_cast<std::size_t>(count);
    if (size > max_bytes)
      refuse(path, what, fmt::format("is too large: {} MiB is the most", max_bytes >> 20));
    if (count == 0) {
      bytes.resize(size);
      return bytes;
    }
  }
}

}  // namespace rota::client
