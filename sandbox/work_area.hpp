#pragma once
// /work and /tmp: the only places that judged programs can write to. Each is a tmpfs, bounded in size and inodes.
//
// A run gets them empty. Most programs write no file, so a tmpfs is used again where it is provably as it was made: no
// inode and no block in use, no extended attribute, and nothing of its root folder changed, its change time included,
// which nobody can set. Otherwise it is dropped whole: nothing of ours ever walks what judged code has made.
//
// The supervisor reads results through mounts of its own that follow no symlink (MOUNT_ATTR_NOSYMFOLLOW).

#include <sys/stat.h>
#include <sys/vfs.h>

#include <array>
#include <cstdint>
#include <string>

#include "base/unique_fd.hpp"
#include "sandbox/identity.hpp"

namespace rota::sandbox {

inline constexpr std::uint64_t kMaxInodes = 16'384;  // files in each of /work and /tmp

// One of them.
class WritableFolder {
 public:
  // Mounts it at path in our mount namespace, which must be the box's. Throws std::system_error.
  WritableFolder(const char* path, std::string owner_options);

  // Mounts it anew unless it is untouched. When no process of a run lives any more. Throws std::system_error.
  void clean();

  // bytes: what may be written; what is there already is not touched.
  void resize(std::uint64_t bytes);

  // The folder as the supervisor reads it.
  int fd() const { return view_.get(); }

 private:
  void mount();
  bool is_untouched() const;

  const char* path_;
  std::string owner_options_;
  std::uint64_t bytes_ = 0;
  UniqueFd view_;    // O_PATH
  UniqueFd folder_;  // its root, opened
  struct stat root_ {};
};

class WorkArea {
 public:
  explicit WorkArea(const Identity& identity);

  void clean();
  void resize(std::uint64_t work_bytes, std::uint64_t tmp_bytes);
  int work() const { return work_.fd(); }

 private:
  WritableFolder work_, tmp_;
};

}  // namespace rota::sandbox
