#pragma once
// The journal's tables: what becomes of an entry, and how it is read back. For one thread; blocks.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "portal/journal.hpp"
#include "portal/sqlite.hpp"

namespace rota::portal {

class SqliteTables {
 public:
  static constexpr std::size_t kShortSubmitBytes = 64 << 10;  // as JSON; longer ones are kept by their hash
  static constexpr std::size_t kPieceBytes = 256 << 10;

  // warn is told of rows that cannot be read. Everything throws SqliteError.
  SqliteTables(SqliteDatabase& database, std::function<void(const std::string&)> warn);

  std::vector<JournalEntry> unfinished();

  // Ids of the jobs that have an answer.
  void each_answered(const std::function<void(std::string_view job)>& take);

  // All or nothing. Returns the ids of new jobs that had an answer already, and are left as they were.
  std::vector<std::string> write(const std::vector<JournalEntry>& entries);

  // Rows that cannot be read are warned of and as if they were not there.
  std::shared_ptr<const protocol::Submit> submit(const std::string& job);
  std::optional<Journal::Finished> finished(const std::string& job);

  // Removes a few of the answers that forget() of journal.hpp tells of; false: there are no more.
  bool forget_some(UtcTime before, std::uint64_t max_bytes);

  std::uint64_t answer_bytes() const { return answer_bytes_; }

 private:
  struct Old {
    std::int64_t number;
    std::int64_t bytes;
  };
  void write(const JournalEntry& entry);
  bool is_answered(const std::string& job);
  void write_new(const JournalEntry& entry, std::int64_t state);
  void write_answer(const JournalEntry& entry);
  std::string keep_payload(const std::string& json);  // returns its hash
  void drop_submit(const std::string& job);
  void drop_answer(const std::string& job);
  std::optional<std::string> submit_json(const std::string& job);
  std::optional<std::string> payload_of(const std::string& job);
  std::string payload_json(const std::string& hash);
  std::vector<Old> oldest(UtcTime before, std::uint64_t max_bytes);
  void warn_of(const std::string& job, const std::string& problem);

  SqliteDatabase& database_;
  std::function<void(const std::string&)> warn_;
  SqliteStatement all_jobs_, payload_of_job_, update_job_, replace_job_, remove_job_;
  SqliteStatement keep_submit_, submit_of_job_, remove_submit_;
  SqliteStatement has_payload_, keep_piece_, pieces_, uses_payload_, remove_payload_;
  SqliteStatement keep_answer_, answer_of_job_, answer_size_, remove_answer_, oldest_answers_, remove_number_;
  std::uint64_t answer_bytes_ = 0;
};

}  // namespace rota::portal
