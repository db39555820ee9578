// A power cut takes nothing that the journal has acknowledged: everything that it writes to the disk is written down, and
// at a hundred points of that the disk is made anew as it may be when the power fails there.

#include <fstream>
#include <map>

#include "net/timer.hpp"
#include "tests/integration/portal/recording_vfs.hpp"
#include "tests/unit/portal/journal_fixture.hpp"

namespace rota::portal {
namespace {

constexpr int kPoints = 100;
constexpr std::uint64_t kSeed = 20'261'123;
constexpr const char* kFile = "jobs.db";

// What had been acknowledged when this much had been written down.
struct Acknowledged {
  std::size_t position;
  JournalEntry entry;
};

// Some portal's life, with the disk's log of it.
class RecordedLife {
 public:
  explicit RecordedLife(bool syncs_each_commit) {
    TempDir folder("rota-power-");
    journal_ = std::make_unique<SqliteJournal>(
        loop_, folder.path() / kFile, [](const std::string&) {},
        SqliteSettings{"recording", syncs_each_commit});
    for (int turn = 0; turn < 150; ++turn) {
      live_a_turn();
      if (turn % 40 == 20) await_checkpoint();
    }
    journal_.reset();  // the last checkpoint, and the WAL's end
    operations_ = vfs_.operations();
  }

  const std::vector<test::DiskOperation>& operations() const { return operations_; }
  const std::vector<Acknowledged>& acknowledged() const { return acknowledged_; }
  const std::map<std::string, std::shared_ptr<const protocol::Submit>>& submits() const { return submits_; }

 private:
  void live_a_turn() {
    std::vector<JournalEntry> entries;
    for (std::uint64_t i = random_() % 4 + 1; i > 0; --i) entries.push_back(next_entry());
    journal_->write(entries, [this, entries](const Journal::Written& written) {
      ASSERT_EQ(written.problem, "");
      for (const auto& entry : entries) acknowledged_.push_back({vfs_.position(), entry});
    });
    if (random_() % 3 > 0) loop_.run();  // else more is handed in before it has answered
  }

  JournalEntry next_entry() {
    const std::uint64_t kind = random_() % 3;
    if (kind == 1 && !queued_.empty()) {
      const int number = queued_.front();
      queued_.erase(queued_.begin());
      running_.push_back(number);
      return running(number);
    }
    if (kind == 2 && !running_.empty()) {
      const int number = running_.front();
      running_.erase(running_.begin());
      return finished(number, std::string(random_() % 20'000, 'o'));
    }
    queued_.push_back(++last_);
    const bool is_large = random_() % 8 == 0;
    JournalEntry entry = queued(last_, std::string(is_large ? 100'000 : random_() % 10'000, 's'));
    submits_[entry.info.id] = entry.submit;
    return entry;
  }

  void await_checkpoint() {
    const auto before = vfs_.syncs_of(kFile);
    net::Timer look(loop_);
    look.every(std::chrono::milliseconds(10), [&] {
      if (vfs_.syncs_of(kFile) > before) look.stop();
    });
    loop_.run();
  }

  test::RecordingVfs vfs_{"recording"};
  net::Loop loop_;
  std::unique_ptr<SqliteJournal> journal_;
  std::mt19937_64 random_{kSeed};
  std::vector<int> queued_, running_;
  int last_ = 0;
  std::vector<test::DiskOperation> operations_;
  std::vector<Acknowledged> acknowledged_;
  std::map<std::string, std::shared_ptr<const protocol::Submit>> submits_;
};

void write_files(const std::filesystem::path& folder, const std::map<std::string, std::string>& files) {
  for (const auto& [name, content] : files) std::ofstream(folder / name, std::ios::binary) << content;
}

// What a journal has after its restart.
class Restarted {
 public:
  explicit Restarted(const std::filesystem::path& folder)
      : journal_(
            loop_, folder / kFile, [](const std::string& warning) { ADD_FAILURE() << warning; },
            SqliteSettings{"recording"}),  // which waits for no disk
        awaited_(loop_, journal_) {
    for (auto& entry : journal_.recover()) unfinished_.emplace(entry.info.id, std::move(entry));
  }

  // Why the entry, or a later one of the same job, is not there; empty: it is.
  std::string problem_with(const JournalEntry& wanted, const protocol::Submit& submit) {
    const auto found = unfinished_.find(wanted.info.id);
    if (found == unfinished_.end()) return problem_with_answer(wanted);
    if (found->second.state < wanted.state) return "is in an earlier state";
    const auto kept = awaited_.submit(number_of(wanted));
    if (!kept || *kept != submit) return "has no submission";
    return "";
  }

 private:
  static int number_of(const JournalEntry& entry) { return std::stoi(entry.info.id.substr(24)); }
  std::string problem_with_answer(const JournalEntry& wanted) {
    const auto answer = awaited_.finished(number_of(wanted));
    if (!answer) return "is lost";
    return wanted.answer && *wanted.answer != *answer->answer ? "has another answer" : "";
  }

  net::Loop loop_;
  SqliteJournal journal_;
  AwaitedJournal awaited_;
  std::map<std::string, JournalEntry> unfinished_;
};

// What of each job had been acknowledged last.
std::map<std::string, JournalEntry> acknowledged_until(const RecordedLife& life, std::size_t point) {
  std::map<std::string, JournalEntry> last;
  for (const auto& [position, entry] : life.acknowledged()) {
    if (position <= point) last[entry.info.id] = entry;
  }
  return last;
}

// What a power cut at this point takes of what was acknowledged; empty: nothing.
std::string loss_at(const RecordedLife& life, std::size_t point, std::mt19937_64& random) {
  TempDir folder("rota-power-");
  write_files(folder.path(), test::after_power_cut(life.operations(), point, random));
  Restarted restarted(folder.path());
  for (const auto& [id, entry] : acknowledged_until(life, point)) {
    const std::string problem = restarted.problem_with(entry, *life.submits().at(id));
    if (!problem.empty()) return "job " + id + " " + problem;
  }
  return "";
}

// One text for each point with a loss.
std::vector<std::string> losses_of(const RecordedLife& life) {
  std::mt19937_64 random(kSeed);
  std::vector<std::string> losses;
  for (int i = 0; i < kPoints; ++i) {
    const std::size_t point = random() % (life.operations().size() + 1);
    const std::string when = "after operation " + std::to_string(point);
    SCOPED_TRACE(when);
    const std::string loss = loss_at(life, point, random);
    if (!loss.empty()) losses.push_back(when + ": " + loss);
  }
  return losses;
}

TEST(PowerCut, TakesNothingThatWasAcknowledged) {
  const RecordedLife life(true);
  ASSERT_GT(life.acknowledged().size(), 200u);
  EXPECT_THAT(losses_of(life), testing::IsEmpty());
}

TEST(PowerCut, IsSeenToTakeWhatWasNotSynced) {
  const RecordedLife life(false);
  EXPECT_GT(losses_of(life).size(), 50u) << "else the test above shows nothing";
}

}  // namespace
}  // namespace rota::portal
