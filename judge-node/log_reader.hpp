#pragma once
// Reads a LineLog's files line by line, oldest first, a bounded piece at a time, while lines are appended and
// files rotate under it. The writer must be of the same thread: between two calls nothing changes.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"

namespace rota::node {

class LogReader {
 public:
  // A longer line is not one of ours and is skipped.
  static constexpr std::size_t kMaxLineBytes = 1 << 20;

  // kept: how many rotated files there may be.
  LogReader(std::filesystem::path path, unsigned kept) : path_(std::move(path)), kept_(kept) {}

  // Reads about max_bytes and hands out the lines that end there. False once everything that is written has
  // been read; later calls go on with what has been appended since. Throws std::system_error.
  bool read(std::size_t max_bytes, const std::function<void(std::string_view line)>& on_line);

 private:
  bool open_next_file();
  void open(const std::filesystem::path& file);
  void split(std::string_view bytes, const std::function<void(std::string_view)>& on_line);

  std::filesystem::path path_;
  unsigned kept_;
  UniqueFd file_;
  std::string partial_;  // a line whose end has not been read
  bool too_long_ = false;
};

}  // namespace rota::node
