#include "judge-node/log_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/line_log.hpp"
#include "base/temp_dir.hpp"

namespace rota::node {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Lines = std::vector<std::string>;

class LogReaderTest : public testing::Test {
 protected:
  Lines read_all(LogReader& reader) {
    Lines lines;
    while (reader.read(1 << 10, [&](std::string_view line) { lines.emplace_back(line); })) {
    }
    return lines;
  }

  TempDir folder{"rota-log-reader"};
  std::filesystem::path path = folder.path() / "events.log";
};

TEST_F(LogReaderTest, ReadsRotatedFilesOldestFirst) {
  LineLog log(path, {.max_file_bytes = 10, .kept = 4});
  for (const char* line : {"line-1", "line-2", "line-3"}) log.append(line);
  LogReader reader(path, 4);
  EXPECT_THAT(read_all(reader), ElementsAre("line-1", "line-2", "line-3"));
}

TEST_F(LogReaderTest, GoesOnWithWhatIsAppendedLater) {
  LineLog log(path);
  log.append("one");
  LogReader reader(path, 4);
  EXPECT_THAT(read_all(reader), ElementsAre("one"));
  EXPECT_THAT(read_all(reader), IsEmpty());
  log.append("two");
  EXPECT_THAT(read_all(reader), ElementsAre("two"));
}

TEST_F(LogReaderTest, LosesAndRepeatsNothingWhenFilesRotateUnderIt) {
  LineLog log(path, {.max_file_bytes = 20, .kept = 4});
  log.append("line-1");
  LogReader reader(path, 4);
  EXPECT_THAT(read_all(reader), ElementsAre("line-1"));
  Lines expected;
  for (int i = 2; i <= 7; ++i) {  // two lines fit into a file
    expected.push_back("line-" + std::to_string(i));
    log.append(expected.back());
  }
  EXPECT_EQ(read_all(reader), expected);
}

TEST_F(LogReaderTest, GoesOnWithTheOldestWhereItsOwnFileHasBeenDropped) {
  LineLog log(path, {.max_file_bytes = 8, .kept = 1});
  log.append("line-1");
  LogReader reader(path, 1);
  EXPECT_THAT(read_all(reader), ElementsAre("line-1"));
  for (const char* line : {"line-2", "line-3", "line-4"}) log.append(line);
  EXPECT_THAT(read_all(reader), ElementsAre("line-3", "line-4"));
}

TEST_F(LogReaderTest, ReadsAboutAsMuchAsItIsAskedForAtATime) {
  LineLog log(path);
  const std::string line(1000, 'x');
  for (int i = 0; i < 1000; ++i) log.append(line);
  LogReader reader(path, 4);
  std::size_t count = 0;
  EXPECT_TRUE(reader.read(100'000, [&](std::string_view) { ++count; }));
  EXPECT_GE(count, 99u);
  EXPECT_LE(count, 200u);
}

TEST_F(LogReaderTest, WaitsForTheEndOfALine) {
  std::ofstream file(path);
  file << "whole\nhal" << std::flush;
  LogReader reader(path, 4);
  EXPECT_THAT(read_all(reader), ElementsAre("whole"));
  file << "f\n" << std::flush;
  EXPECT_THAT(read_all(reader), ElementsAre("half"));
}

TEST_F(LogReaderTest, SkipsALineThatIsTooLong) {
  std::ofstream(path) << "before\n" << std::string(3 << 20, 'x') << "\nafter\n";
  LogReader reader(path, 4);
  EXPECT_THAT(read_all(reader), ElementsAre("before", "after"));
}

TEST_F(LogReaderTest, OfALogThatIsNotThereYetReadsNothing) {
  LogReader reader(path, 4);
  EXPECT_THAT(read_all(reader), IsEmpty());
  LineLog(path).append("first");
  EXPECT_THAT(read_all(reader), ElementsAre("first"));
}

}  // namespace
}  // namespace rota::node
