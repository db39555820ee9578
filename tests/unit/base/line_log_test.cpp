#include "base/line_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "base/temp_dir.hpp"

namespace rota {
namespace {

using testing::ElementsAre;

class LineLogTest : public testing::Test {
 protected:
  std::filesystem::path file(const char* name) const { return dir_.path() / name; }
  static std::string contents(const std::filesystem::path& path) {
    std::ifstream stream(path);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
  }

  TempDir dir_{"rota-line-log-test-"};
};

TEST_F(LineLogTest, AppendsLines) {
  LineLog log(file("log"));
  log.append("one");
  log.append("two");
  EXPECT_EQ(contents(log.path()), "one\ntwo\n");
}

TEST_F(LineLogTest, WritesGatheredLinesTogether) {
  LineLog log(file("log"));
  EXPECT_TRUE(log.gather("one"));
  EXPECT_FALSE(log.gather("two"));
  EXPECT_EQ(contents(log.path()), "");
  log.flush();
  EXPECT_EQ(contents(log.path()), "one\ntwo\n");
  EXPECT_TRUE(log.gather("three"));
}

TEST_F(LineLogTest, DoesNotGatherWithoutBound) {
  LineLog log(file("log"));
  for (int i = 0; i < 100; ++i) log.gather(std::string(1000, 'x'));
  EXPECT_GE(contents(log.path()).size(), 36'000u);
}

TEST_F(LineLogTest, WritesGatheredLinesWhenItGoes) {
  LineLog(file("log")).gather("one");
  EXPECT_EQ(contents(file("log")), "one\n");
}

TEST_F(LineLogTest, RotatesBetweenGatheredLines) {
  {
    LineLog log(file("log"), {.max_file_bytes = 8, .kept = 2});
    for (const char* line : {"one", "two", "3"}) log.gather(line);
  }
  EXPECT_EQ(contents(file("log.1")), "one\ntwo\n");
  EXPECT_EQ(contents(file("log")), "3\n");
}

TEST_F(LineLogTest, MakesParentFolders) {
  LineLog log(file("a") / "b" / "log");
  log.append("one");
  EXPECT_EQ(contents(file("a") / "b" / "log"), "one\n");
}

TEST_F(LineLogTest, IsNotReadableByOthers) {
  LineLog log(file("log"));
  struct stat status {};
  ASSERT_EQ(::stat(log.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07137u, 0u) << "more than mode 0640";
}

TEST_F(LineLogTest, GoesOnWhereAnEarlierOneEnded) {
  LineLog(file("log")).append("one");
  LineLog(file("log")).append("two");
  EXPECT_EQ(contents(file("log")), "one\ntwo\n");
}

TEST_F(LineLogTest, RotatesBeforeTheFileWouldPassItsBound) {
  LineLog log(file("log"), {.max_file_bytes = 8, .kept = 2});
  log.append("one");
  log.append("two");
  EXPECT_EQ(contents(file("log")), "one\ntwo\n");
  log.append("3");
  EXPECT_EQ(contents(file("log.1")), "one\ntwo\n");
  EXPECT_EQ(contents(file("log")), "3\n");
}

TEST_F(LineLogTest, CountsWhatAnEarlierOneWrote) {
  LineLog(file("log"), {.max_file_bytes = 8}).append("earlier");
  LineLog(file("log"), {.max_file_bytes = 8}).append("now");
  EXPECT_EQ(contents(file("log.1")), "earlier\n");
  EXPECT_EQ(contents(file("log")), "now\n");
}

TEST_F(LineLogTest, KeepsAsManyOldFilesAsAskedAndDropsTheOldest) {
  LineLog log(file("log"), {.max_file_bytes = 2, .kept = 2});
  for (const char* line : {"1", "2", "3", "4", "5"}) log.append(line);
  EXPECT_EQ(contents(file("log")), "5\n");
  EXPECT_EQ(contents(file("log.1")), "4\n");
  EXPECT_EQ(contents(file("log.2")), "3\n");
  EXPECT_FALSE(std::filesystem::exists(file("log.3")));
}

TEST_F(LineLogTest, KeepsNoOldFileWhereNoneIsWanted) {
  LineLog log(file("log"), {.max_file_bytes = 2, .kept = 0});
  log.append("1");
  log.append("2");
  EXPECT_EQ(contents(file("log")), "2\n");
  EXPECT_FALSE(std::filesystem::exists(file("log.1")));
}

TEST_F(LineLogTest, WritesALineThatIsLongerThanAFileWhole) {
  LineLog log(file("log"), {.max_file_bytes = 4, .kept = 1});
  log.append("much too long");
  EXPECT_EQ(contents(file("log")), "much too long\n");
  log.append("x");
  EXPECT_EQ(contents(file("log.1")), "much too long\n");
}

TEST_F(LineLogTest, NamesItsFilesOldestFirst) {
  LineLog log(file("log"), {.max_file_bytes = 2, .kept = 3});
  for (const char* line : {"1", "2", "3"}) log.append(line);
  EXPECT_THAT(LineLog::files_of(log.path(), 3), ElementsAre(file("log.2"), file("log.1"), file("log")));
}

TEST_F(LineLogTest, NamesNoFilesWhereThereAreNone) {
  EXPECT_TRUE(LineLog::files_of(file("log"), 3).empty());
}

TEST_F(LineLogTest, ThrowsWhereTheFileCannotBeMade) {
  LineLog log(file("plain"));
  EXPECT_THROW(LineLog(file("plain") / "log"), std::system_error);
}

// Lowers the size that files may have (RLIMIT_FSIZE) for its life, as a full disk would.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(LineLogTest, BeginsANewLineAfterOneThatTheDiskHasCutShort) {
  LineLog log(file("log"));
  log.append("one");
  {
    const SmallDisk disk(6);
    EXPECT_THROW(log.append("two"), std::system_error);
  }
  log.append("three");
  EXPECT_EQ(contents(file("log")), "one\ntw\nthree\n");
}

TEST_F(LineLogTest, LosesNoOldFileWhereANewOneCannotBeMade) {
  LineLog log(file("log"), {.max_file_bytes = 2, .kept = 1});
  log.append("1");
  log.append("2");
  std::filesystem::create_directory(file(("log.new" + std::to_string(::getpid())).c_str()));
  for (int i = 0; i < 3; ++i) EXPECT_THROW(log.append("3"), std::system_error);
  EXPECT_EQ(contents(file("log.1")), "1\n");
  EXPECT_EQ(contents(file("log")), "2\n");
}

}  // namespace
}  // namespace rota
