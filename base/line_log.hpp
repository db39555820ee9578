#pragma once
// An append-only file of text lines, bounded by rotation: when the file would pass max_file_bytes it becomes
// FILE.1, FILE.1 becomes FILE.2, and so on; the oldest of `kept` old files is dropped.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.hpp"

namespace rota {

struct LineLogBounds {
  std::uint64_t max_file_bytes = 16 << 20;
  unsigned kept = 4;  // old files beside the current one
};

class LineLog {
 public:
  // Creates parent folders and the file (mode 0640). Throws std::system_error.
  LineLog(std::filesystem::path path, LineLogBounds bounds = {});
  ~LineLog();
  LineLog(const LineLog&) = delete;
  LineLog& operator=(const LineLog&) = delete;

  // Appends one line with one write(2), so that lines of several processes do not mix. The line holds no
  // '\n'. Throws std::system_error when the disk refuses; what was written before is kept.
  void append(std::string_view line);

  // As append, but the line may wait for flush(), so that many go with one write(2): a bounded number of bytes does, and the
  // destructor writes them. True: it waits, and is the first that does.
  bool gather(std::string_view line);
  void flush();

  const std::filesystem::path& path() const { return path_; }

  // The files that exist now, oldest first, the current one last.
  static std::vector<std::filesystem::path> files_of(const std::filesystem::path& path, unsigned kept);

 private:
  void open_current();
  void rotate();

  static constexpr std::size_t kMaxGatheredBytes = 64 << 10;

  std::filesystem::path path_;
  LineLogBounds bounds_;
  UniqueFd file_;
  std::string gathered_;
  std::uint64_t size_ = 0;
  bool is_torn_ = false;  // the last line was cut short by a full disk
};

}  // namespace rota
