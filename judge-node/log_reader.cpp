#include "judge-node/log_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "base/line_log.hpp"

namespace rota::node {
namespace {

bool is_same_file(int open_file, const std::filesystem::path& path) {
  struct stat ours {};
  struct stat other {};
  check(::fstat(open_file, &ours), "fstat");
  return ::stat(path.c_str(), &other) == 0 && ours.st_ino == other.st_ino && ours.st_dev == other.st_dev;
}

}  // namespace

bool LogReader::read(std::size_t max_bytes, const std::function<void(std::string_view)>& on_line) {
  std::array<char, 64 << 10> piece;
  for (std::size_t done = 0; done < max_bytes;) {
    const auto count =
        file_ ? check(::read(file_.get(), piece.data(), piece.size()), "read " + path_.string()) : 0;
    if (count == 0 && !open_next_file()) return false;
    split({piece.data(), static_cast<std::size_t>(count)}, on_line);
    done += static_cast<std::size_t>(count);
  }
  return true;
}

// The file after the one that has been read to its end, wherever rotation has moved that one; the oldest
// where it has been dropped. False where there is none yet.
bool LogReader::open_next_file() {
  const auto files = LineLog::files_of(path_, kept_);
  auto next = files.begin();
  if (file_) {
    const auto ours = std::find_if(files.begin(), files.end(),
                                   [&](const auto& path) { return is_same_file(file_.get(), path); });
    if (ours != files.end()) next = ours + 1;
  }
  if (next == files.end()) return false;
  open(*next);
  return true;
}

void LogReader::open(const std::filesystem::path& file) {
  file_.reset(check(::open(file.c_str(), O_RDONLY | O_CLOEXEC), "open " + file.string()));
  partial_.clear();
  too_long_ = false;
}

void LogReader::split(std::string_view bytes, const std::function<void(std::string_view)>& on_line) {
  for (std::size_t end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
    partial_ += bytes.substr(0, end);
    if (!too_long_) on_line(partial_);
    partial_.clear();
    too_long_ = false;
    bytes.remove_prefix(end + 1);
  }
  partial_ += bytes;
  if (partial_.size() <= kMaxLineBytes) return;
  too_long_ = true;
  partial_.clear();
}

}  // namespace rota::node
