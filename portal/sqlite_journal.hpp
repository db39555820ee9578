#pragma once
// A journal in an SQLite file (sqlite_file.hpp, sqlite_tables.hpp), in WAL mode and synced with every transaction: what
// was written survives a power cut. A thread of its own writes, so that the loop never waits for a disk. The WAL goes into
// the file proper while there is nothing else to do, or where it has grown long, since whoever waits meanwhile waits long.

#include "net/worker.hpp"
#include "portal/id_filter.hpp"
#include "portal/journal.hpp"
#include "portal/sqlite_file.hpp"
#include "portal/sqlite_tables.hpp"

namespace rota::portal {

class SqliteJournal : public Journal {
 public:
  static constexpr std::uint64_t kMaxWalBytes = 64 << 20;

  // Throws as SqliteFile does. warn: called on the loop with what a person should know, naming the file.
  SqliteJournal(net::Loop& loop, const std::filesystem::path& file,
                std::function<void(const std::string&)> warn, const SqliteSettings& settings = {});
  ~SqliteJournal() override = default;

  const std::string& cluster() const override { return file_.cluster(); }
  std::vector<JournalEntry> recover() override;
  void write(std::vector<JournalEntry> entries, std::function<void(const Written&)> done) override;
  void load_submit(const std::string& job,
                   std::function<void(std::shared_ptr<const protocol::Submit>)> done) override;
  bool may_know(const std::string& job) const override { return answered_.may_hold(job); }
  void load_finished(const std::string& job, std::function<void(std::optional<Finished>)> done) override;
  void forget(UtcTime before, std::uint64_t max_bytes) override;

 private:
  struct Forgotten {
    UtcTime before{};
    std::uint64_t max_bytes = ~0ull;
  };
  SqliteTables open_tables();
  static int on_commit(void* self, sqlite3* connection, const char* name, int pages);
  Written try_to_write(const std::vector<JournalEntry>& entries);
  template <typename Look, typename Done>
  void look_up(Look look, Done done);
  bool is_overfull() const;
  void keep_bounds();
  bool idle();
  bool forget_some();
  void checkpoint();
  void tell(const std::vector<std::string>& warnings);

  std::filesystem::path path_;
  std::function<void(const std::string&)> warn_;
  SqliteFile file_;
  IdFilter answered_;  // of all jobs that have an answer, and of some that had

  // The worker's own.
  std::vector<std::string> warnings_;
  SqliteTables tables_;
  Forgotten forgotten_;
  std::uint64_t wal_bytes_ = 0;

  net::Worker worker_;  // last: its thread uses all that stands above
};

}  // namespace rota::portal
