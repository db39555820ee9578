#pragma once
// The folder of a program store: files of the node's own user, reached through the folder's descriptor and never by a
// symlink, in a folder that nobody else may write to and no other process uses.
//
// A file is written beside its place and then renamed, so that it is there whole or not at all, whenever this process
// is killed. Nothing is synced: after a power cut a file may be torn, which its reader has to find by a digest. That
// costs a compile; a sync would cost every compile some milliseconds.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"

namespace rota::node {

class StoreFolder {
 public:
  struct File {
    std::string name;
    bool is_ours = false;  // a regular file of this user
    bool is_folder = false;
    std::uint64_t bytes = 0;
    std::pair<std::int64_t, std::int64_t>
        used;  // when it was written or marked: seconds since 1970, nanoseconds
  };

  static constexpr const char* kLock = "rota-program-store";
  static constexpr const char* kTemporary = "new";

  // Makes the folder (mode 0700) and those above it where they are not there, and locks it (flock(2)) for life. Throws
  // std::runtime_error, which says what to do, where another process has it, where others may write to it, and where it
  // holds files but has never been a store: what stands there is not ours to remove.
  explicit StoreFolder(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }

  // Everything there but the lock file, in no order. Throws std::system_error.
  std::vector<File> files() const;

  // Throws BadBytes for anything but a regular file of this user's of at most that many bytes which can be read;
  // std::system_error where this process lacks descriptors or memory.
  std::string read(const std::string& name, std::uint64_t max_bytes) const;

  // Replaces what is there. Throws std::system_error; then nothing is left of it, and what was there still is.
  void write(const std::string& name, std::string_view bytes);

  // A file that is not there is no error. Throws std::system_error.
  void remove(const std::string& name);

  // That it was used now. Says nothing where that cannot be written down.
  void mark_used(const std::string& name);

 private:
  std::filesystem::path path_;
  UniqueFd folder_;
  UniqueFd lock_;
};

}  // namespace rota::node
