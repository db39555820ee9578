#include "base/line_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <string>

#include "base/check.hpp"

namespace rota {
namespace {

std::filesystem::path numbered(const std::filesystem::path& path, unsigned number) {
  return path.string() + "." + std::to_string(number);
}

UniqueFd open_for_appending(const std::filesystem::path& path) {
  return UniqueFd(
      check(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640), "open " + path.string()));
}

}  // namespace

LineLog::LineLog(std::filesystem::path path, LineLogBounds bounds) : path_(std::move(path)), bounds_(bounds) {
  if (path_.has_parent_path()) std::filesystem::create_directories(path_.parent_path());
  open_current();
}

LineLog::~LineLog() {
  try {
    flush();
  } catch (const std::system_error&) {  // nobody is left who could be told
  }
}

void LineLog::append(std::string_view line) {
  gather(line);
  flush();
}

bool LineLog::gather(std::string_view line) {
  if (size_ + gathered_.size() > 0 && size_ + gathered_.size() + line.size() + 1 > bounds_.max_file_bytes) {
    flush();
    rotate();
  }
  const bool is_first = gathered_.empty();
  if (is_torn_ && is_first) gathered_ = "\n";  // this line is not to be glued to one that was cut short
  gathered_ += line;
  gathered_ += '\n';
  if (gathered_.size() > kMaxGatheredBytes) flush();
  return is_first && !gathered_.empty();
}

void LineLog::flush() {
  if (gathered_.empty()) return;
  const std::size_t size = gathered_.size();
  const auto written = ::write(file_.get(), gathered_.data(), size);
  gathered_.clear();  // whatever has become of them; its memory is kept
  size_ += static_cast<std::uint64_t>(check(written, "write " + path_.string()));
  is_torn_ = static_cast<std::size_t>(written) != size;
  if (is_torn_) throw std::system_error(ENOSPC, std::generic_category(), "write " + path_.string());
}

std::vector<std::filesystem::path> LineLog::files_of(const std::filesystem::path& path, unsigned kept) {
  std::vector<std::filesystem::path> files;
  for (unsigned number = kept; number > 0; --number) {
    if (std::filesystem::exists(numbered(path, number))) files.push_back(numbered(path, number));
  }
  if (std::filesystem::exists(path)) files.push_back(path);
  return files;
}

void LineLog::open_current() {
  file_ = open_for_appending(path_);
  struct stat status {};
  check(::fstat(file_.get(), &status), "stat " + path_.string());
  size_ = static_cast<std::uint64_t>(status.st_size);
}

// The new file is there before an old one moves: where it cannot be made, nothing is lost.
void LineLog::rotate() {
  const std::filesystem::path next = path_.string() + ".new" + std::to_string(::getpid());
  UniqueFd opened = open_for_appending(next);
  std::error_code absent;  // a file that is not there yet needs no renaming
  for (unsigned number = bounds_.kept; number > 1; --number) {
    std::filesystem::rename(numbered(path_, number - 1), numbered(path_, number), absent);
  }
  if (bounds_.kept > 0) std::filesystem::rename(path_, numbered(path_, 1), absent);
  std::filesystem::rename(next, path_);
  file_ = std::move(opened);
  size_ = 0;
  is_torn_ = false;
}

}  // namespace rota
