#include "portal/sqlite_tables.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/encoding.hpp"
#include "portal/job_text.hpp"
#include "protocol/conversion.hpp"
#include "protocol/framing.hpp"

namespace rota::portal {
namespace {

// How much forget_some() removes at once: the thread is not to be away for long.
constexpr std::int64_t kForgottenAtOnce = 64;
constexpr std::int64_t kForgottenBytesAtOnce = 8 << 20;

std::int64_t count_of(UtcTime time) {
  return time.time_since_epoch().count();
}

// What a file says that nobody of us has written.
JobState state_of(std::int64_t number) {
  if (number == static_cast<std::int64_t>(JobState::queued)) return JobState::queued;
  if (number == static_cast<std::int64_t>(JobState::running)) return JobState::running;
  throw std::runtime_error("its state is " + std::to_string(number));
}

JobInfo job_of(std::string_view detail, std::string_view id) {
  JobInfo job = job_from_text(detail);
  if (job.id != id) throw std::runtime_error("its text is about job " + job.id);
  return job;
}

// Without the job's id, so that equal submissions have equal texts.
std::string json_of(protocol::Submit submit) {
  submit.job.clear();
  return protocol::to_json(std::move(submit));
}

std::shared_ptr<const protocol::Submit> submit_of(const std::string& json, const std::string& job) {
  auto packet = protocol::from_json(json);
  auto* submit = std::get_if<protocol::Submit>(&packet);
  if (submit == nullptr) throw std::runtime_error("its submission is none");
  submit->job = job;
  return std::make_shared<const protocol::Submit>(std::move(*submit));
}

Journal::Finished finished_of(std::string_view detail, std::string_view json, const std::string& job) {
  auto packet = protocol::from_json(json);
  if (!std::holds_alternative<protocol::Result>(packet) && !std::holds_alternative<protocol::Error>(packet))
    throw std::runtime_error("its answer is none");
  return {job_of(detail, job), std::make_shared<const protocol::Packet>(std::move(packet))};
}

}  // namespace

SqliteTables::SqliteTables(SqliteDatabase& database, std::function<void(const std::string&)> warn)
    : database_(database),
      warn_(std::move(warn)),
      all_jobs_(database, "SELECT id, state, detail FROM job ORDER BY number"),
      payload_of_job_(database, "SELECT payload FROM job WHERE id = ? AND payload IS NOT NULL"),
      update_job_(database, "UPDATE job SET state = ?, detail = ? WHERE id = ?"),
      replace_job_(database, "REPLACE INTO job(id, state, detail, payload) VALUES(?, ?, ?, ?)"),
      remove_job_(database, "DELETE FROM job WHERE id = ?"),
      keep_submit_(database, "REPLACE INTO submit(job, json) VALUES(?, ?)"),
      submit_of_job_(database, "SELECT json FROM submit WHERE job = ?"),
      remove_submit_(database, "DELETE FROM submit WHERE job = ?"),
      has_payload_(database, "SELECT 1 FROM payload WHERE hash = ? AND piece = 0"),
      keep_piece_(database, "INSERT INTO payload(hash, piece, bytes) VALUES(?, ?, ?)"),
      pieces_(database, "SELECT piece, bytes FROM payload WHERE hash = ? ORDER BY piece"),
      uses_payload_(database, "SELECT 1 FROM job WHERE payload = ? LIMIT 1"),
      remove_payload_(database, "DELETE FROM payload WHERE hash = ?"),
      keep_answer_(database, "INSERT INTO answer(id, ended, bytes, detail, json) VALUES(?, ?, ?, ?, ?)"),
      answer_of_job_(database, "SELECT detail, json FROM answer WHERE id = ?"),
      answer_size_(database, "SELECT bytes FROM answer WHERE id = ?"),
      remove_answer_(database, "DELETE FROM answer WHERE id = ?"),
      oldest_answers_(database, "SELECT number, bytes, ended FROM answer ORDER BY ended LIMIT ?"),
      remove_number_(database, "DELETE FROM answer WHERE number = ?") {
  SqliteStatement sum(database, "SELECT coalesce(sum(bytes), 0) FROM answer");
  SqliteRows rows = sum.query();
  if (rows.next()) answer_bytes_ = static_cast<std::uint64_t>(rows.integer(0));
}

std::vector<JournalEntry> SqliteTables::unfinished() {
  std::vector<JournalEntry> entries;
  SqliteRows rows = all_jobs_.query();
  while (rows.next()) {
    const std::string id(rows.text(0));
    try {
      entries.push_back({.info = job_of(rows.text(2), id), .state = state_of(rows.integer(1))});
    } catch (const SqliteError&) {
      throw;
    } catch (const std::runtime_error& error) {
      warn_of(id, error.what());
    }
  }
  const auto is_older = [](const JournalEntry& a, const JournalEntry& b) {
    return a.info.received < b.info.received;
  };
  std::stable_sort(entries.begin(), entries.end(), is_older);
  return entries;
}

void SqliteTables::each_answered(const std::function<void(std::string_view job)>& take) {
  SqliteStatement ids(database_, "SELECT id FROM answer");
  SqliteRows rows = ids.query();
  while (rows.next()) take(rows.text(0));
}

std::vector<std::string> SqliteTables::write(const std::vector<JournalEntry>& entries) {
  const std::uint64_t answer_bytes = answer_bytes_;
  std::vector<std::string> known;
  try {
    SqliteTransaction transaction(database_);
    for (const auto& entry : entries) {
      if (entry.submit && is_answered(entry.info.id)) {
        known.push_back(entry.info.id);
      } else {
        write(entry);
      }
    }
    transaction.commit();
    return known;
  } catch (...) {
    answer_bytes_ = answer_bytes;
    throw;
  }
}

// The same entry may come twice: where an error told that nothing was written, and something was.
void SqliteTables::write(const JournalEntry& entry) {
  if (entry.state == JobState::finished) return write_answer(entry);
  const auto state = static_cast<std::int64_t>(entry.state);
  if (entry.submit) return write_new(entry, state);
  update_job_.run(state, to_text(entry.info), entry.info.id);
}

bool SqliteTables::is_answered(const std::string& job) {
  return answer_size_.query(job).next();
}

void SqliteTables::write_new(const JournalEntry& entry, std::int64_t state) {
  const std::string& id = entry.info.id;
  const std::string json = json_of(*entry.submit);
  drop_submit(id);
  if (json.size() <= kShortSubmitBytes) {
    keep_submit_.run(id, json);
    replace_job_.run(id, state, to_text(entry.info), nullptr);
  } else {
    const std::string hash = keep_payload(json);
    replace_job_.run(id, state, to_text(entry.info), hash);
  }
}

void SqliteTables::write_answer(const JournalEntry& entry) {
  if (!entry.answer) throw std::logic_error("job " + entry.info.id + " is finished without an answer");
  const std::string json = protocol::to_json(*entry.answer);
  const std::string detail = to_text(entry.info);
  const auto bytes = static_cast<std::int64_t>(json.size() + detail.size());
  drop_submit(entry.info.id);
  drop_answer(entry.info.id);
  keep_answer_.run(entry.info.id, count_of(entry.finished), bytes, detail, json);
  answer_bytes_ += static_cast<std::uint64_t>(bytes);
}

std::string SqliteTables::keep_payload(const std::string& json) {
  const std::string hash = sha256_hex(json);
  if (has_payload_.query(hash).next()) return hash;
  std::int64_t piece = 0;
  for (std::size_t at = 0; at < json.size(); at += kPieceBytes, ++piece)
    keep_piece_.run(hash, piece, SqliteBlob{std::string_view(json).substr(at, kPieceBytes)});
  return hash;
}

// With its row in job.
void SqliteTables::drop_submit(const std::string& job) {
  const auto hash = payload_of(job);
  remove_job_.run(job);
  if (!hash) return remove_submit_.run(job);
  if (!uses_payload_.query(*hash).next()) remove_payload_.run(*hash);
}

void SqliteTables::drop_answer(const std::string& job) {
  std::uint64_t bytes = 0;
  {
    SqliteRows rows = answer_size_.query(job);
    if (!rows.next()) return;
    bytes = static_cast<std::uint64_t>(rows.integer(0));
  }
  remove_answer_.run(job);
  answer_bytes_ -= std::min(bytes, answer_bytes_);
}

std::shared_ptr<const protocol::Submit> SqliteTables::submit(const std::string& job) {
  try {
    const auto json = submit_json(job);
    return json ? submit_of(*json, job) : nullptr;
  } catch (const std::runtime_error& error) {
    warn_of(job, error.what());
    return nullptr;
  }
}

std::optional<Journal::Finished> SqliteTables::finished(const std::string& job) {
  try {
    SqliteRows rows = answer_of_job_.query(job);
    if (!rows.next()) return std::nullopt;
    return finished_of(rows.text(0), rows.text(1), job);
  } catch (const std::runtime_error& error) {
    warn_of(job, error.what());
    return std::nullopt;
  }
}

std::optional<std::string> SqliteTables::submit_json(const std::string& job) {
  if (const auto hash = payload_of(job)) return payload_json(*hash);
  SqliteRows rows = submit_of_job_.query(job);
  if (!rows.next()) return std::nullopt;
  return std::string(rows.text(0));
}

std::optional<std::string> SqliteTables::payload_of(const std::string& job) {
  SqliteRows rows = payload_of_job_.query(job);
  if (!rows.next()) return std::nullopt;
  return std::string(rows.text(0));
}

std::string SqliteTables::payload_json(const std::string& hash) {
  std::string json;
  SqliteRows rows = pieces_.query(hash);
  while (rows.next()) {
    const std::string_view piece = rows.text(1);
    if (json.size() + piece.size() > protocol::kMaxPacketBytes)
      throw std::runtime_error("its submission is longer than a packet");
    json += piece;
  }
  if (sha256_hex(json) != hash) throw std::runtime_error("its submission is not what was written");
  return json;
}

std::vector<SqliteTables::Old> SqliteTables::oldest(UtcTime before, std::uint64_t max_bytes) {
  std::vector<Old> found;
  std::int64_t bytes = 0;
  const auto too_many = static_cast<std::int64_t>(answer_bytes_ > max_bytes ? answer_bytes_ - max_bytes : 0);
  SqliteRows rows = oldest_answers_.query(kForgottenAtOnce);
  while (bytes < kForgottenBytesAtOnce && rows.next()) {
    if (rows.integer(2) >= count_of(before) && bytes >= too_many) break;
    found.push_back({rows.integer(0), rows.integer(1)});
    bytes += std::max<std::int64_t>(rows.integer(1), 0);
  }
  return found;
}

bool SqliteTables::forget_some(UtcTime before, std::uint64_t max_bytes) {
  const auto old = oldest(before, max_bytes);
  if (old.empty()) return false;
  SqliteTransaction transaction(database_);
  for (const Old& answer : old) remove_number_.run(answer.number);
  transaction.commit();
  for (const Old& answer : old)
    answer_bytes_ -=
        std::min(static_cast<std::uint64_t>(std::max<std::int64_t>(answer.bytes, 0)), answer_bytes_);
  return true;
}

void SqliteTables::warn_of(const std::string& job, const std::string& problem) {
  warn_("job " + job + " cannot be read: " + problem);
}

}  // namespace rota::portal
