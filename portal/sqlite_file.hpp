#pragma once
// The journal's file: whose it is, what is in it, and how it is opened.
//
//   job      an unfinished job; number counts up, so that it tells the order
//   submit   its submission as JSON, where that is short
//   payload  where it is long: 256 KiB pieces, named by the SHA-256 of the whole; equal ones are kept once
//   answer   a finished job and its answer
//   store    one row: the UUID
//
// Texts of jobs have a table to themselves because SQLite rewrites the whole row where one of its values changes.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/unique_fd.hpp"
#include "portal/sqlite.hpp"

namespace rota::portal {

struct SqliteSettings {
  std::string vfs;  // of SQLite's; empty: its own
  bool syncs_each_commit =
      true;  // else a power cut takes what was written last; for tests that want to see that
};

[[noreturn]] void refuse_store(const std::filesystem::path& path, const SqliteError& error);

class SqliteFile {
 public:
  // Makes the file (mode 0600) where there is none, and locks it (flock(2)) for life. Throws std::runtime_error that names
  // the file and says what to do: another portal has it, it is somebody else's, of a newer rota, or damaged.
  SqliteFile(const std::filesystem::path& path, const SqliteSettings& settings);

  SqliteDatabase& database() { return *database_; }
  const std::string& cluster() const { return cluster_; }

 private:
  void open(const SqliteSettings& settings);
  void require_wal();
  void prepare();
  void require_known_version(std::int64_t version);
  void require_own_schema();
  void make_schema();
  void read_cluster();

  std::filesystem::path path_;
  // Before the connection: a process that closes any descriptor of a file loses SQLite's locks on it, fcntl(2).
  UniqueFd lock_;
  std::unique_ptr<SqliteDatabase> database_;
  std::string cluster_;
};

// Runs what reads the file; what SQLite says of it becomes a std::runtime_error that names the file and says what to do.
template <typename Read>
auto read_store(const std::filesystem::path& path, const Read& read) {
  try {
    return read();
  } catch (const SqliteError& error) {
    refuse_store(path, error);
  }
}

}  // namespace rota::portal
