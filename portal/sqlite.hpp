#pragma once
// SQLite's C interface with owners and errors: a connection, a prepared statement, the rows of one query. For one thread
// at a time.

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rota::portal {

class SqliteError : public std::runtime_error {
 public:
  SqliteError(int code, const std::string& message) : std::runtime_error(message), code_(code) {}
  int code() const { return code_; }  // primary result code: SQLITE_CORRUPT, SQLITE_FULL, …

 private:
  int code_;
};

class SqliteDatabase {
 public:
  // An existing file, for reading and writing. vfs: SQLite's own where empty. Throws SqliteError, as all below.
  SqliteDatabase(const std::string& file, const std::string& vfs);

  // Statements without parameters or results.
  void run(const std::string& statements);

  sqlite3* raw() { return connection_.get(); }
  bool is_in_transaction() { return sqlite3_get_autocommit(raw()) == 0; }

 private:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
  };
  std::unique_ptr<sqlite3, Close> connection_;
};

// A result's rows; ends the query when it goes. Values are read strictly: one of another type than asked for is an error.
class SqliteRows {
 public:
  explicit SqliteRows(sqlite3_stmt* statement) : statement_(statement) {}
  ~SqliteRows();
  SqliteRows(const SqliteRows&) = delete;
  SqliteRows& operator=(const SqliteRows&) = delete;

  bool next();  // before the first row, too
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;  // until next(); of blobs as well
  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

 private:
  sqlite3_stmt* statement_;
};

// Bytes that are no text.
struct SqliteBlob {
  std::string_view bytes;
};

class SqliteStatement {
 public:
  SqliteStatement(SqliteDatabase& database, const std::string& text);

  // One value for each '?', in order. Texts and blobs are not copied: they stay until the rows have gone.
  template <typename... Values>
  SqliteRows query(const Values&... values) {
    int place = 0;
    (bind(++place, values), ...);
    return SqliteRows(statement_.get());
  }

  template <typename... Values>
  void run(const Values&... values) {
    SqliteRows rows = query(values...);
    while (rows.next()) {
    }
  }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  void bind(int place, std::int64_t value);
  void bind(int place, std::string_view text);
  void bind(int place, SqliteBlob blob);
  void bind(int place, std::nullptr_t);
  void require(int code);

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// BEGIN IMMEDIATE … COMMIT; rolled back where it goes without commit().
class SqliteTransaction {
 public:
  explicit SqliteTransaction(SqliteDatabase& database);
  ~SqliteTransaction();
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;
  void commit();

 private:
  SqliteDatabase& database_;
};

}  // namespace rota::portal
