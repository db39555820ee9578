#pragma once
// A layer below SQLite (https://www.sqlite.org/vfs.html) that writes down everything that goes to the disk, in order; and
// what a disk may hold after a power cut at any point of it.

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace rota::test {

struct DiskOperation {
  enum Kind { write, truncate, sync, remove } kind;
  std::string file;          // its name without folders
  std::uint64_t offset = 0;  // of truncate: the size; of remove: whether the folder was synced as well
  std::string bytes;
};

class RecordingVfs {
 public:
  // Registers it with SQLite under this name, for as long as it lives.
  explicit RecordingVfs(const char* name);
  ~RecordingVfs();
  RecordingVfs(const RecordingVfs&) = delete;
  RecordingVfs& operator=(const RecordingVfs&) = delete;

  // How much has been written down until now.
  std::size_t position();
  // How many times this file has been synced.
  std::size_t syncs_of(const std::string& file);
  std::vector<DiskOperation> operations();

 private:
  struct Calls;
  void note(DiskOperation operation);

  std::mutex mutex_;
  std::vector<DiskOperation> operations_;
  sqlite3_vfs vfs_{};
  sqlite3_vfs* below_;
};

// The files after a power cut when `count` operations had been done: what was synced is there; of what was written since,
// each sector of 512 bytes is there or not, as the generator says. A file that was removed is there again where its folder
// was not synced.
std::map<std::string, std::string> after_power_cut(const std::vector<DiskOperation>& operations,
                                                   std::size_t count, std::mt19937_64& random);

}  // namespace rota::test
