#include "client/submission.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <fstream>

#include "base/temp_dir.hpp"
#include "client/client_error.hpp"
#include "client/exit_status.hpp"
#include "protocol/bounds.hpp"

namespace rota::client {
namespace {

class Submission : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& bytes = "print(1)\n") {
    std::ofstream(folder_.path() / name) << bytes;
    return (folder_.path() / name).string();
  }

  // As main() reads them: words in order.
  SubmissionOptions parse(std::vector<std::string> words) {
    SubmissionOptions options;
    CLI::App app;
    add_submission_options(app, options);
    std::reverse(words.begin(), words.end());
    app.parse(words);
    return options;
  }

  protocol::Submit submit(const std::vector<std::string>& words) { return make_submit(parse(words)); }

  int refusal(const std::vector<std::string>& words) {
    try {
      submit(words);
    } catch (const ClientError& error) {
      return error.status();
    }
    return 0;
  }

  TempDir folder_{"rota-test-"};
};

TEST_F(Submission, CarriesTheFileUnderItsOwnName) {
  const auto packet = submit({file("sum.py")});
  EXPECT_EQ(packet.file_name, "sum.py");
  EXPECT_EQ(packet.source, "print(1)\n");
  EXPECT_EQ(packet.language, "");
  EXPECT_EQ(packet.stdin_bytes, "");
  EXPECT_EQ(packet.limits, protocol::LimitOverrides{});
  EXPECT_FALSE(packet.live_events);
}

TEST_F(Submission, CarriesWhatTheFlagsSay) {
  const auto packet =
      submit({file("x"), "--language", "python", "--stdin", file("numbers", "1 2"), "--cpu", "1s", "--wall",
              "2s", "--memory", "64M", "--output", "1M", "--processes", "5", "--events"});
  EXPECT_EQ(packet.language, "python");
  EXPECT_EQ(packet.stdin_bytes, "1 2");
  EXPECT_EQ(packet.limits.cpu_time, std::chrono::seconds(1));
  EXPECT_EQ(packet.limits.wall_time, std::chrono::seconds(2));
  EXPECT_EQ(packet.limits.memory_bytes, 64u << 20);
  EXPECT_EQ(packet.limits.output_bytes, 1u << 20);
  EXPECT_EQ(packet.limits.processes, 5u);
  EXPECT_TRUE(packet.live_events);
}

TEST_F(Submission, TakesEachArgAsOneArgumentWhateverIsInIt) {
  const auto packet =
      submit({"--arg", "[a,b]", "--arg", "", "--arg", "{}", "--arg=-x", file("x.c"), "--arg", "c d"});
  EXPECT_THAT(packet.arguments, testing::ElementsAre("[a,b]", "", "{}", "-x", "c d"));
}

TEST_F(Submission, DoesNotTakeAStrayWordForAnArgument) {
  EXPECT_THROW(submit({file("x.c"), "stray"}), CLI::ParseError);
  EXPECT_THROW(submit({file("x.c"), "--arg", "a", "stray"}), CLI::ParseError);
}

TEST_F(Submission, IsAUsageErrorWhereALimitMakesNoSense) {
  const auto source = file("x.c");
  EXPECT_EQ(refusal({source, "--cpu", "1"}), kUsage);
  EXPECT_EQ(refusal({source, "--wall", "2h"}), kUsage);
  EXPECT_EQ(refusal({source, "--memory", "65G"}), kUsage);
  EXPECT_EQ(refusal({source, "--output", "17M"}), kUsage);
  EXPECT_EQ(refusal({source, "--processes", "0"}), kUsage);
  EXPECT_EQ(refusal({source, "--processes", "5000"}), kUsage);
}

TEST_F(Submission, CarriesWhatIsWantedOfTheQueue) {
  const auto made = submit({file("a.py"), "--label", "gpu", "--label", "room=12", "--priority", "3",
                            "--queue-time", "30s", "--total-time", "5m"});
  EXPECT_THAT(made.labels, testing::ElementsAre("gpu", "room=12"));
  EXPECT_EQ(made.priority, 3u);
  EXPECT_EQ(made.queue_time, std::chrono::seconds(30));
  EXPECT_EQ(made.total_time, std::chrono::minutes(5));
}

TEST_F(Submission, IsAUsageErrorWhereTheQueueCannotTakeIt) {
  EXPECT_EQ(refusal({file("a.py"), "--priority", "10"}), kUsage);
  EXPECT_EQ(refusal({file("a.py"), "--queue-time", "31d"}), kUsage);
  EXPECT_EQ(refusal({file("a.py"), "--total-time", "soon"}), kUsage);
}

TEST_F(Submission, IsAUsageErrorWhereTheFilesNameCannotTravel) {
  EXPECT_EQ(refusal({file(".hidden.c")}), kUsage);
}

TEST_F(Submission, IsAUsageErrorWhereTheArgumentsAreTooMany) {
  std::vector<std::string> words{file("x.c")};
  for (std::size_t i = 0; i < protocol::kMaxArguments; ++i) words.push_back("--arg=a");
  EXPECT_EQ(refusal(words), 0);
  words.push_back("--arg=a");
  EXPECT_EQ(refusal(words), kUsage);
  EXPECT_EQ(refusal({words[0], "--arg", std::string(protocol::kMaxArgumentsBytes + 1, 'a')}), kUsage);
}

TEST_F(Submission, LacksItsInputWhereAFileIsMissing) {
  EXPECT_EQ(refusal({"/nonexistent/x.c"}), kNoInput);
  EXPECT_EQ(refusal({file("x.c"), "--stdin", "/nonexistent"}), kNoInput);
}

TEST_F(Submission, LacksItsInputWhereTheSourceIsTooLarge) {
  EXPECT_EQ(refusal({file("x.c", std::string(protocol::kMaxSourceBytes + 1, ' '))}), kNoInput);
}

}  // namespace
}  // namespace rota::client
