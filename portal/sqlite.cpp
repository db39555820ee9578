#include "portal/sqlite.hpp"

namespace rota::portal {
namespace {

[[noreturn]] void fail(sqlite3* connection, int code) {
  const int primary = (connection != nullptr ? sqlite3_errcode(connection) : code) & 0xff;
  throw SqliteError(primary, connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code));
}

// More than the longest packet (protocol::kMaxPacketBytes); what a damaged file says may be longer.
constexpr int kMaxValueBytes = 128 << 20;

}  // namespace

SqliteDatabase::SqliteDatabase(const std::string& file, const std::string& vfs) {
  sqlite3* opened = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  const int code = sqlite3_open_v2(file.c_str(), &opened, flags, vfs.empty() ? nullptr : vfs.c_str());
  connection_.reset(opened);
  if (code != SQLITE_OK) fail(raw(), code);
  sqlite3_limit(raw(), SQLITE_LIMIT_LENGTH, kMaxValueBytes);
}

void SqliteDatabase::run(const std::string& statements) {
  const int code = sqlite3_exec(raw(), statements.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(raw(), code);
}

SqliteRows::~SqliteRows() {
  sqlite3_reset(statement_);  // tells again what next() has told
  sqlite3_clear_bindings(statement_);
}

bool SqliteRows::next() {
  const int code = sqlite3_step(statement_);
  if (code != SQLITE_ROW && code != SQLITE_DONE) fail(sqlite3_db_handle(statement_), code);
  return code == SQLITE_ROW;
}

std::int64_t SqliteRows::integer(int column) const {
  if (sqlite3_column_type(statement_, column) != SQLITE_INTEGER)
    throw SqliteError(SQLITE_CORRUPT, "a value that should be a number is none");
  return sqlite3_column_int64(statement_, column);
}

std::string_view SqliteRows::text(int column) const {
  const int type = sqlite3_column_type(statement_, column);
  if (type != SQLITE_TEXT && type != SQLITE_BLOB)
    throw SqliteError(SQLITE_CORRUPT, "a value that should be text is none");
  const auto* bytes =
      static_cast<const char*>(sqlite3_column_blob(statement_, column));  // null where it is empty
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  if (bytes == nullptr && size > 0) throw SqliteError(SQLITE_NOMEM, "no memory for a value");
  return bytes == nullptr ? std::string_view() : std::string_view(bytes, size);
}

SqliteStatement::SqliteStatement(SqliteDatabase& database, const std::string& text) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(database.raw(), text.c_str(), static_cast<int>(text.size()),
                                      SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  statement_.reset(prepared);
  if (code != SQLITE_OK) fail(database.raw(), code);
}

void SqliteStatement::bind(int place, std::int64_t value) {
  require(sqlite3_bind_int64(statement_.get(), place, value));
}

void SqliteStatement::bind(int place, std::string_view text) {
  require(sqlite3_bind_text64(statement_.get(), place, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void SqliteStatement::bind(int place, SqliteBlob blob) {
  require(sqlite3_bind_blob64(statement_.get(), place, blob.bytes.data(), blob.bytes.size(), SQLITE_STATIC));
}

void SqliteStatement::bind(int place, std::nullptr_t) {
  require(sqlite3_bind_null(statement_.get(), place));
}

void SqliteStatement::require(int code) {
  if (code != SQLITE_OK) fail(sqlite3_db_handle(statement_.get()), code);
}

SqliteTransaction::SqliteTransaction(SqliteDatabase& database) : database_(database) {
  database_.run("BEGIN IMMEDIATE");
}

SqliteTransaction::~SqliteTransaction() {
  if (!database_.is_in_transaction()) return;  // committed, or rolled back by SQLite where it could not write
  try {
    database_.run("ROLLBACK");
  } catch (const SqliteError&) {  // then SQLite has rolled it back
  }
}

void SqliteTransaction::commit() {
  database_.run("COMMIT");
}

}  // namespace rota::portal
