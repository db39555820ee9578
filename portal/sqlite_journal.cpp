#include "portal/sqlite_journal.hpp"

#include <utility>

namespace rota::portal {
namespace {

constexpr std::uint64_t kPageBytes = 4096;  // SQLite's own choice

}  // namespace

SqliteJournal::SqliteJournal(net::Loop& loop, const std::filesystem::path& file,
                             std::function<void(const std::string&)> warn, const SqliteSettings& settings)
    : path_(file),
      warn_(std::move(warn)),
      file_(file, settings),
      tables_(read_store(path_, [this] { return open_tables(); })),
      worker_(loop, [this] { return idle(); }) {
  sqlite3_wal_hook(file_.database().raw(), on_commit, this);
}

SqliteTables SqliteJournal::open_tables() {
  return SqliteTables(file_.database(), [this](const std::string& problem) { warnings_.push_back(problem); });
}

int SqliteJournal::on_commit(void* self, sqlite3*, const char*, int pages) {
  static_cast<SqliteJournal*>(self)->wal_bytes_ = static_cast<std::uint64_t>(pages) * kPageBytes;
  return SQLITE_OK;
}

// Before anything else, so that the worker has nothing to do with the connection yet.
std::vector<JournalEntry> SqliteJournal::recover() {
  auto entries = read_store(path_, [this] { return tables_.unfinished(); });
  read_store(path_, [this] { tables_.each_answered([this](std::string_view job) { answered_.add(job); }); });
  tell(std::exchange(warnings_, {}));
  return entries;
}

void SqliteJournal::write(std::vector<JournalEntry> entries, std::function<void(const Written&)> done) {
  for (const auto& entry : entries) {
    if (entry.state == JobState::finished) answered_.add(entry.info.id);
  }
  auto shared = std::make_shared<const std::vector<JournalEntry>>(std::move(entries));  // tasks are copied
  worker_.run([this, shared, done = std::move(done)]() -> net::Worker::Completion {
    return [this, done, written = try_to_write(*shared), is_overfull = is_overfull()] {
      if (is_overfull) keep_bounds();
      done(written);
    };
  });
}

Journal::Written SqliteJournal::try_to_write(const std::vector<JournalEntry>& entries) {
  try {
    return {.problem = "", .known = tables_.write(entries)};
  } catch (const SqliteError& error) {
    return {.problem = "write the job store " + path_.string() + ": " + error.what(), .known = {}};
  }
}

void SqliteJournal::load_submit(const std::string& job,
                                std::function<void(std::shared_ptr<const protocol::Submit>)> done) {
  look_up([this, job] { return tables_.submit(job); }, std::move(done));
}

void SqliteJournal::load_finished(const std::string& job, std::function<void(std::optional<Finished>)> done) {
  look_up([this, job] { return tables_.finished(job); }, std::move(done));
}

template <typename Look, typename Done>
void SqliteJournal::look_up(Look look, Done done) {
  worker_.run([this, look = std::move(look), done = std::move(done)]() -> net::Worker::Completion {
    auto found = look();
    return [this, done, found = std::move(found), warnings = std::exchange(warnings_, {})] {
      tell(warnings);
      done(found);
    };
  });
}

void SqliteJournal::forget(UtcTime before, std::uint64_t max_bytes) {
  worker_.run([this, before, max_bytes]() -> net::Worker::Completion {
    forgotten_ = {before, max_bytes};
    return {};
  });
}

// Nobody waits for long where the worker always has something to do, but the bounds hold.
bool SqliteJournal::is_overfull() const {
  return wal_bytes_ > kMaxWalBytes || tables_.answer_bytes() / 5 * 4 > forgotten_.max_bytes;
}

void SqliteJournal::keep_bounds() {
  worker_.run([this]() -> net::Worker::Completion {
    if (wal_bytes_ > kMaxWalBytes) checkpoint();
    if (is_overfull()) forget_some();
    return {};
  });
}

bool SqliteJournal::idle() {
  if (wal_bytes_ <= kMaxWalBytes && forget_some()) return true;
  if (wal_bytes_ > 0) checkpoint();
  return false;
}

// A disk that is full takes no removal either; the next task brings the next try.
bool SqliteJournal::forget_some() {
  try {
    return tables_.forget_some(forgotten_.before, forgotten_.max_bytes);
  } catch (const SqliteError&) {
    return false;
  }
}

// Where it does not come to its end the WAL goes on, and the next one goes on from there.
void SqliteJournal::checkpoint() {
  const int code =
      sqlite3_wal_checkpoint_v2(file_.database().raw(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code == SQLITE_OK) wal_bytes_ = 0;
}

void SqliteJournal::tell(const std::vector<std::string>& warnings) {
  for (const auto& warning : warnings) warn_("the job store " + path_.string() + ": " + warning);
}

}  // namespace rota::portal
