// A file that is somebody else's, damaged, of another version or in use; a disk without room.

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "base/check.hpp"
#include "tests/unit/portal/journal_fixture.hpp"

namespace rota::portal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SqliteFileTest : public SqliteJournalTest {
 protected:
  // Why the file is not taken.
  std::string refusal() {
    try {
      reopen();
      journal_->recover();
    } catch (const std::runtime_error& error) {
      EXPECT_THAT(error.what(), HasSubstr(file_.string()));
      return error.what();
    }
    return "taken";
  }
  void overwrite(std::streamoff at, const std::string& bytes) {
    std::fstream stream(file_, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekp(at);
    stream << bytes;
  }
};

TEST_F(SqliteFileTest, OfAnotherPortalIsRefused) {
  const auto other = std::make_unique<AwaitedJournal>(loop_, *journal_);
  std::string problem;
  try {
    const SqliteJournal second(loop_, file_, {});
  } catch (const std::runtime_error& error) {
    problem = error.what();
  }
  EXPECT_EQ(problem, "another portal uses the job store " + file_.string() +
                         ": stop it, or give this one a file of its own");
  EXPECT_EQ(other->write({queued(1)}), "") << "the first one is not disturbed";
}

// A child process that is killed when its owner goes.
class Child {
 public:
  template <typename Act>
  explicit Child(const Act& act) : pid_(check(::fork(), "fork")) {
    if (pid_ == 0) ::_exit(act());
  }
  ~Child() {
    if (pid_ > 0) end();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void end() {
    ::kill(pid_, SIGKILL);
    wait();
  }
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_;
};

TEST_F(SqliteFileTest, OfAnotherProcessIsRefusedUntilItHasEnded) {
  close();
  int ends[2];
  check(::pipe2(ends, O_CLOEXEC), "pipe2");
  const UniqueFd out(ends[0]), in(ends[1]);
  Child child([&] {
    net::Loop loop;
    SqliteJournal journal(loop, file_, {});
    AwaitedJournal(loop, journal).write({queued(1)});
    if (::write(in.get(), "x", 1) != 1) return 1;
    return ::pause();
  });
  char byte = 0;
  ASSERT_EQ(::read(out.get(), &byte, 1), 1);
  EXPECT_THAT(refusal(), HasSubstr("another portal uses"));
  child.end();
  reopen();
  EXPECT_THAT(recovered(), ElementsAre(job_id(1)));
}

TEST_F(SqliteFileTest, OfANewerVersionIsRefused) {
  close();
  change("PRAGMA user_version = 99");
  EXPECT_THAT(refusal(), HasSubstr("has version 99, and this rota knows 1"));
}

TEST_F(SqliteFileTest, OfAnotherProgramIsRefusedAndLeftAsItIs) {
  close();
  change("PRAGMA application_id = 5");
  EXPECT_THAT(refusal(), HasSubstr("but no job store"));
  std::filesystem::remove(file_);
  std::ofstream(file_)
      << "notes of mine, long enough to be looked at as if they were a database's header ...........\n";
  EXPECT_THAT(refusal(), HasSubstr("is damaged"));
  std::string line;
  std::getline(std::ifstream(file_) >> std::ws, line);
  EXPECT_THAT(line, HasSubstr("notes of mine"));
}

TEST_F(SqliteFileTest, ThatIsAnotherFilesNameIsRefusedAndThatFileKeepsItsMode) {
  close();
  const std::filesystem::path other = file_.string() + ".other";
  std::ofstream(other) << "root:x:0:0::/root:/bin/sh\n";
  const auto all = std::filesystem::perms::owner_read | std::filesystem::perms::others_read;
  std::filesystem::permissions(other, all);
  std::filesystem::remove(file_);
  std::filesystem::create_symlink(other, file_);
  EXPECT_NE(refusal(), "taken");
  EXPECT_EQ(std::filesystem::status(other).permissions(), all);
  std::filesystem::remove(file_);
  std::filesystem::rename(other, file_);
  EXPECT_NE(refusal(), "taken");
  EXPECT_EQ(std::filesystem::status(file_).permissions(), all) << "nor by its own name";
}

TEST_F(SqliteFileTest, WithATriggerIsRefused) {
  close();
  change("CREATE TRIGGER t AFTER INSERT ON job BEGIN DELETE FROM job; END");
  EXPECT_THAT(refusal(), HasSubstr("its tables are not those that rota makes"));
}

TEST_F(SqliteFileTest, WithDamagedPagesIsRefusedWithAnAdvice) {
  std::vector<JournalEntry> entries;
  for (int i = 1; i <= 200; ++i) entries.push_back(queued(i));
  ASSERT_EQ(awaited_->write(entries), "");
  close();
  const auto size = std::filesystem::file_size(file_);
  for (std::uintmax_t page = 3; page * 4096 < size; ++page)
    overwrite(static_cast<std::streamoff>(page * 4096), std::string(100, '\xee'));
  EXPECT_THAT(refusal(), testing::AllOf(HasSubstr("is damaged"), HasSubstr("aside")));
}

TEST_F(SqliteFileTest, ThatIsCutShortIsRefused) {
  std::vector<JournalEntry> entries;
  for (int i = 1; i <= 200; ++i) entries.push_back(queued(i));
  ASSERT_EQ(awaited_->write(entries), "");
  close();
  std::filesystem::resize_file(file_, 3 * 4096);
  EXPECT_THAT(refusal(), HasSubstr("is damaged"));
}

TEST_F(SqliteFileTest, JobsThatCannotBeReadAreNamedAndTheOthersAreThere) {
  ASSERT_EQ(
      awaited_->write({queued(1), queued(2), queued(3), queued(4), queued(5, std::string(100'000, 'x'))}),
      "");
  ASSERT_EQ(awaited_->write({finished(6)}), "");
  close();
  change(
      "UPDATE job SET detail = '{' WHERE id LIKE '%1'; UPDATE job SET state = 7 WHERE id LIKE '%2';"
      "UPDATE submit SET json = '[]' WHERE job LIKE '%3'; UPDATE payload SET bytes = x'00' WHERE piece = 0;"
      "UPDATE answer SET json = 'none'");
  reopen();
  EXPECT_THAT(recovered(), ElementsAre(job_id(3), job_id(4), job_id(5)));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr(file_.string() + ": job " + job_id(1) + " cannot be read"),
                                     HasSubstr(job_id(2) + " cannot be read: its state is 7")));
  warnings_.clear();
  EXPECT_EQ(awaited_->submit(3), nullptr);
  EXPECT_NE(awaited_->submit(4), nullptr);
  EXPECT_EQ(awaited_->submit(5), nullptr);
  EXPECT_FALSE(awaited_->finished(6));
  EXPECT_THAT(warnings_,
              ElementsAre(HasSubstr(job_id(3)), HasSubstr("is not what was written"), HasSubstr(job_id(6))));
  EXPECT_EQ(awaited_->write({queued(1), finished(3), finished(5)}), "") << "they are in nobody's way";
  EXPECT_TRUE(awaited_->submit(1));
}

// What the child found: exit codes for the test below.
enum Outcome { as_expected, no_mount, not_full, wrong_words, not_written_with_room, lost, too_much };

// Fills the disk with something else, so that the journal has as good as no room.
bool fill(const std::filesystem::path& file) {
  const UniqueFd filler(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  const std::string bytes(4096, 'x');
  while (::write(filler.get(), bytes.data(), bytes.size()) > 0) {
  }
  return errno == ENOSPC;
}

Outcome write_to_a_full_disk(const std::filesystem::path& folder) {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return no_mount;
  if (::mount("rota", folder.c_str(), "tmpfs", 0, "size=2m,mode=0700") != 0) return no_mount;
  net::Loop loop;
  auto journal =
      std::make_unique<SqliteJournal>(loop, folder / "jobs.db", std::function<void(const std::string&)>());
  AwaitedJournal awaited(loop, *journal);
  if (awaited.write({queued(1)}) != "") return lost;
  if (!fill(folder / "filler")) return not_full;
  const std::vector<JournalEntry> entries{finished(1), queued(2, std::string(40'000, 'x')),
                                          queued(3, std::string(300'000, 'y'))};
  for (int i = 0; i < 3; ++i) {
    if (awaited.write(entries).find("jobs.db: database or disk is full") == std::string::npos)
      return wrong_words;
  }
  if (!awaited.submit(1) || awaited.submit(2) || awaited.finished(1)) return too_much;
  std::filesystem::remove(folder / "filler");
  if (awaited.write(entries) != "") return not_written_with_room;
  journal.reset();
  journal =
      std::make_unique<SqliteJournal>(loop, folder / "jobs.db", std::function<void(const std::string&)>());
  AwaitedJournal again(loop, *journal);
  return journal->recover().size() == 2 && again.finished(1) && again.submit(2) && again.submit(3)
             ? as_expected
             : lost;
}

TEST_F(SqliteFileTest, OnAFullDiskTakesNothingAndEverythingOnceThereIsRoom) {
  close();
  const auto folder = dir_.path() / "disk";
  std::filesystem::create_directory(folder);
  Child child([&] { return write_to_a_full_disk(folder); });
  const int outcome = child.wait();
  if (outcome == no_mount) GTEST_SKIP() << "NOT TESTED: needs the right to mount";
  EXPECT_EQ(outcome, as_expected);
}

TEST_F(SqliteFileTest, ThatMayNotGrowTakesNothingUntilItMay) {
  ::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(awaited_->write({queued(1)}), "");
  rlimit before{};
  check(::getrlimit(RLIMIT_FSIZE, &before), "getrlimit");
  const rlimit lower{100'000, before.rlim_max};
  check(::setrlimit(RLIMIT_FSIZE, &lower), "setrlimit");
  const std::string problem = awaited_->write({queued(2, std::string(200'000, 'x'))});
  check(::setrlimit(RLIMIT_FSIZE, &before), "setrlimit");
  EXPECT_THAT(problem, HasSubstr("write the job store " + file_.string()));
  EXPECT_EQ(awaited_->submit(2), nullptr);
  EXPECT_EQ(awaited_->write({queued(2, std::string(200'000, 'x'))}), "");
  EXPECT_TRUE(awaited_->submit(2));
}

}  // namespace
}  // namespace rota::portal
