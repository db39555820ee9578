#pragma once
// What is asked of PostgreSQL, and what it answers: libpq's results with an owner.

#include <libpq-fe.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace rota::portal {

// Prepared on every connection. One object each, for the whole life of the program.
struct PostgresStatement {
  const char* name;
  const char* text;
};

// A parameter in text form; nullopt is NULL.
class PostgresValue {
 public:
  PostgresValue(std::string text) : text_(std::move(text)) {}
  PostgresValue(const char* text) : text_(text) {}
  PostgresValue(std::integral auto number) : text_(std::to_string(number)) {}
  PostgresValue(std::nullopt_t) {}

  const char* get() const { return text_ ? text_->c_str() : nullptr; }
  std::size_t size() const { return text_ ? text_->size() : 0; }

 private:
  std::optional<std::string>
      text_;  // holds no NUL: JSON escapes it, and other texts come from JSON without control characters
};

struct PostgresCall {
  const PostgresStatement* statement;
  std::vector<PostgresValue> values;
};

// A list as the text of an array of texts.
std::string array_text(const std::vector<std::string>& elements);

class PostgresResult {
 public:
  explicit PostgresResult(PGresult* result) : result_(result) {}

  bool is_good() const { return status() == PGRES_TUPLES_OK || status() == PGRES_COMMAND_OK; }
  ExecStatusType status() const { return PQresultStatus(result_.get()); }
  std::string problem() const;       // one line
  std::string problem_code() const;  // SQLSTATE, five characters; empty where there is none

  std::int64_t changed() const;  // rows, by a statement that returns none
  int rows() const { return PQntuples(result_.get()); }
  bool is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
  std::string_view text(int row, int column) const;
  std::int64_t integer(int row, int column) const;  // throws std::runtime_error where it is none

 private:
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> result_;
};

}  // namespace rota::portal
