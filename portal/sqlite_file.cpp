#include "portal/sqlite_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string_view>

#include "base/check.hpp"
#include "base/time.hpp"
#include "protocol/job_id.hpp"

namespace rota::portal {
namespace {

constexpr std::int64_t kApplication = 0x726f'7461;  // "rota", for file(1) and against others' files
constexpr std::int64_t kSchemaVersion = 1;

constexpr const char* kSchema = R"(
CREATE TABLE store(uuid TEXT NOT NULL) STRICT;
CREATE TABLE job(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, state INTEGER NOT NULL, detail TEXT NOT NULL,
                 payload TEXT) STRICT;
CREATE INDEX job_payload ON job(payload) WHERE payload IS NOT NULL;
CREATE TABLE submit(job TEXT NOT NULL PRIMARY KEY, json TEXT NOT NULL) STRICT;
CREATE TABLE payload(hash TEXT NOT NULL, piece INTEGER NOT NULL, bytes BLOB NOT NULL, UNIQUE(hash, piece)) STRICT;
CREATE TABLE answer(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, ended INTEGER NOT NULL,
                    bytes INTEGER NOT NULL, detail TEXT NOT NULL, json TEXT NOT NULL) STRICT;
CREATE INDEX answer_ended ON answer(ended, bytes);
)";

// A file from elsewhere runs nothing (triggers, functions of its schema), and is not believed to be in order. The WAL is
// checkpointed by the journal, when it has time for that. One process has the file: its index of the WAL needs no shared
// memory then.
constexpr const char* kSettings = R"(
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA foreign_keys = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA mmap_size = 0;
PRAGMA temp_store = MEMORY;
PRAGMA wal_autocheckpoint = 0;
PRAGMA journal_size_limit = 67108864;
)";

// Before anything about it is changed: a name that was mistyped, or that leads elsewhere, may be any file of the system.
void require_own_store(int file, const std::filesystem::path& path) {
  struct stat status {};
  check(::fstat(file, &status), "look at the job store " + path.string());
  std::array<char, 16> head{};  // "SQLite format 3" and a zero, sqlite.org/fileformat.html
  const bool is_empty = status.st_size == 0;
  const bool is_sqlite = ::pread(file, head.data(), head.size(), 0) == static_cast<ssize_t>(head.size()) &&
                         std::string_view(head.data(), head.size() - 1) == "SQLite format 3";
  if (S_ISREG(status.st_mode) && status.st_uid == ::geteuid() && (is_empty || is_sqlite)) return;
  throw std::runtime_error(
      "the job store " + path.string() +
      " is damaged, or is no SQLite file of this user; it is left as it is: give --store another "
      "file, or move this one away");
}

UniqueFd open_locked(const std::filesystem::path& path) {
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
  UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  check(file.get(), "open the job store " + path.string());
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) check(-1, "lock the job store " + path.string());
    throw std::runtime_error("another portal uses the job store " + path.string() +
                             ": stop it, or give this one a file of its own");
  }
  require_own_store(file.get(), path);
  check(::fchmod(file.get(), 0600), "make private the job store " + path.string());
  return file;
}

// The file's name has to survive a power cut as well.
void sync_folder(const std::filesystem::path& path) {
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const UniqueFd opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  check(opened.get(), "open folder " + folder.string());
  check(::fsync(opened.get()), "sync folder " + folder.string());
}

std::int64_t number_of(SqliteDatabase& database, const std::string& pragma) {
  SqliteStatement statement(database, "PRAGMA " + pragma);
  SqliteRows rows = statement.query();
  return rows.next() ? rows.integer(0) : 0;
}

// Every table and index as the file describes it.
std::string schema_of(SqliteDatabase& database) {
  SqliteStatement statement(database,
                            "SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY name");
  std::string text;
  SqliteRows rows = statement.query();
  while (rows.next()) text += fmt::format("{} {}\n{}\n", rows.text(0), rows.text(1), rows.text(2));
  return text;
}

std::string schema_of_ours() {
  SqliteDatabase fresh(":memory:", "");
  fresh.run(kSchema);
  return schema_of(fresh);
}

std::string damaged(const std::filesystem::path& path, const std::string& problem) {
  return fmt::format(
      "the job store {0} is damaged ({1}): move it and {0}-wal aside and start again with an empty one, or "
      "bring back a copy; "
      "`sqlite3 {0} .recover` shows what can still be read",
      path.string(), problem);
}

}  // namespace

void refuse_store(const std::filesystem::path& path, const SqliteError& error) {
  if (error.code() == SQLITE_CORRUPT || error.code() == SQLITE_NOTADB)
    throw std::runtime_error(damaged(path, error.what()));
  throw std::runtime_error(fmt::format("read the job store {}: {}", path.string(), error.what()));
}

SqliteFile::SqliteFile(const std::filesystem::path& path, const SqliteSettings& settings)
    : path_(path), lock_(open_locked(path)) {
  sync_folder(path_);
  read_store(path_, [&] { open(settings); });
}

void SqliteFile::open(const SqliteSettings& settings) {
  database_ = std::make_unique<SqliteDatabase>(path_.string(), settings.vfs);
  sqlite3_db_config(database_->raw(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  database_->run(kSettings);
  // EXTRA is FULL, and beyond that syncs the folder once the rollback journal has gone by which the file becomes one with a
  // WAL. A journal that came back after a power cut would take the file to its beginning.
  database_->run("PRAGMA synchronous = EXTRA");
  require_wal();
  if (!settings.syncs_each_commit) database_->run("PRAGMA synchronous = NORMAL");
  prepare();
  read_cluster();
}

void SqliteFile::require_wal() {
  SqliteStatement statement(*database_, "PRAGMA journal_mode = WAL");
  SqliteRows rows = statement.query();
  if (rows.next() && rows.text(0) == "wal") return;
  throw std::runtime_error("the job store " + path_.string() +
                           " cannot have a write-ahead log there: put it on a local file system");
}

void SqliteFile::prepare() {
  const std::int64_t application = number_of(*database_, "application_id");
  const std::int64_t version = number_of(*database_, "user_version");
  if (application == 0 && version == 0 && schema_of(*database_).empty()) return make_schema();
  if (application != kApplication) {
    throw std::runtime_error("the file " + path_.string() +
                             " is an SQLite database, but no job store: give the portal a file of its own");
  }
  require_known_version(version);
  require_own_schema();
}

void SqliteFile::require_known_version(std::int64_t version) {
  if (version == kSchemaVersion) return;
  throw std::runtime_error(
      fmt::format("the job store {} has version {}, and this rota knows {}: start the rota that wrote it, or "
                  "give this one "
                  "another file",
                  path_.string(), version, kSchemaVersion));
}

void SqliteFile::require_own_schema() {
  if (schema_of(*database_) != schema_of_ours())
    throw std::runtime_error(damaged(path_, "its tables are not those that rota makes"));
}

void SqliteFile::make_schema() {
  SqliteTransaction transaction(*database_);
  database_->run(kSchema);
  SqliteStatement(*database_, "INSERT INTO store(uuid) VALUES(?)").run(protocol::make_job_id(now().utc));
  database_->run(
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplication, kSchemaVersion));
  transaction.commit();
}

void SqliteFile::read_cluster() {
  SqliteStatement statement(*database_, "SELECT uuid FROM store");
  SqliteRows rows = statement.query();
  if (rows.next()) cluster_ = rows.text(0);
  if (!protocol::is_job_id(cluster_)) throw std::runtime_error(damaged(path_, "it has no UUID"));
}

}  // namespace rota::portal
