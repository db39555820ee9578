#include "judge-node/options.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/daemon.hpp"
#include "base/temp_dir.hpp"

namespace rota::node {
namespace {

ParsedOptions parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "rota-node");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

// What was told on stderr, of a command line that must be refused.
std::string usage_error(const std::vector<const char*>& arguments) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(parse(arguments).exit_status, 64);
  return testing::internal::GetCapturedStderr();
}

TEST(NodeOptions, ABarePortIsOnLoopback) {
  const auto parsed = parse({"4321"});
  EXPECT_EQ(parsed.exit_status, -1);
  EXPECT_EQ(parsed.options.listen.host, "127.0.0.1");
  EXPECT_EQ(parsed.options.listen.port, 4321);
}

TEST(NodeOptions, ListenTakesHostAndPort) {
  EXPECT_EQ(parse({"--listen", "[::1]:0"}).options.listen.host, "::1");
  EXPECT_EQ(parse({"--listen", "0.0.0.0:77"}).options.listen.port, 77);
}

TEST(NodeOptions, WithoutAnyThereAreDefaults) {
  const Options options = parse({}).options;
  EXPECT_EQ(options.listen.port, 4001);
  EXPECT_GE(options.slots, 1u);
  EXPECT_EQ(options.box.filename(), "rota-box");
  EXPECT_EQ(options.languages.filename(), "languages");
  EXPECT_EQ(options.jobs.max_queued, 10'000u);
  EXPECT_EQ(options.jobs.maxima, kDefaultMaxima);
  EXPECT_EQ(options.ready_fd, -1);
}

TEST(NodeOptions, MaximaTakeUnits) {
  const auto maxima = parse({"--max-cpu-time", "10s", "--max-wall-time", "500ms", "--max-memory", "3G",
                             "--max-output", "1K", "--max-files", "5000", "--max-processes", "7"})
                          .options.jobs.maxima;
  EXPECT_EQ(maxima.cpu_time, std::chrono::seconds(10));
  EXPECT_EQ(maxima.wall_time, std::chrono::milliseconds(500));
  EXPECT_EQ(maxima.memory_bytes, 3ull << 30);
  EXPECT_EQ(maxima.output_bytes, 1024u);
  EXPECT_EQ(maxima.file_bytes, 5000u);
  EXPECT_EQ(maxima.processes, 7u);
}

TEST(NodeOptions, AFileMayHoldThem) {
  const TempDir folder("rota-options");
  const std::string file = folder.path() / "node.conf";
  std::ofstream(file) << "slots = 3\nname = \"here\"\nmax-memory = \"1G\"\n";
  const Options options = parse({"--config", file.c_str(), "--slots", "5"}).options;
  EXPECT_EQ(options.name, "here");
  EXPECT_EQ(options.jobs.maxima.memory_bytes, 1ull << 30);
  EXPECT_EQ(options.slots, 5u) << "the command line goes before the file";
}

TEST(NodeOptions, AnUnknownNameInAFileIsAUsageErrorThatNamesIt) {
  const TempDir folder("rota-options");
  const std::string file = folder.path() / "node.conf";
  std::ofstream(file) << "slots = 3\nmax-memry = \"1G\"\n";
  EXPECT_NE(usage_error({"--config", file.c_str()}).find("max-memry"), std::string::npos);
}

TEST(NodeOptions, UsageErrorsSayWhatIsWrong) {
  EXPECT_NE(usage_error({"--slots", "0"}).find("--slots is 0; give 1 to 4096"), std::string::npos);
  EXPECT_NE(usage_error({"port"}).find("'port'"), std::string::npos);
  EXPECT_NE(usage_error({"70000"}).find("70000"), std::string::npos);
  EXPECT_NE(usage_error({"1", "--listen", "a:2"}).find("not both"), std::string::npos);
  EXPECT_NE(usage_error({"--max-memory", "1000G"}).find("--max-memory"), std::string::npos);
  EXPECT_NE(usage_error({"--max-cpu-time", "2h"}).find("--max-cpu-time, in ms, is 7200000"),
            std::string::npos);
  EXPECT_NE(usage_error({"--max-cpu-time", "10"}).find("--max-cpu-time: '10' is not a duration"),
            std::string::npos);
  EXPECT_NE(usage_error({"--nonsense"}).find("nonsense"), std::string::npos);
}

TEST(NodeOptions, TakesLayersThatMayBeMissingFromFlagsAndFile) {
  EXPECT_EQ(parse({"--allow-missing", "memory-cgroup", "--allow-missing", "self-test"}).options.allow_missing,
            (std::vector<std::string>{"memory-cgroup", "self-test"}));
  const TempDir folder("rota-options");
  const std::string file = folder.path() / "node.conf";
  std::ofstream(file) << "allow-missing = [\"memory-cgroup\", \"pids-cgroup\"]\n";
  EXPECT_EQ(parse({"--config", file.c_str()}).options.allow_missing,
            (std::vector<std::string>{"memory-cgroup", "pids-cgroup"}));
}

TEST(NodeOptions, ALayerThatThereIsNotIsAUsageErrorThatListsThem) {
  const auto error = usage_error({"--allow-missing", "memory"});
  EXPECT_NE(error.find("memory not in"), std::string::npos) << error;
  EXPECT_NE(error.find("memory-cgroup"), std::string::npos) << error;
  EXPECT_NE(error.find("self-test"), std::string::npos) << error;
}

TEST(NodeOptions, TheSelfTestIsRememberedUnlessSaidOtherwise) {
  EXPECT_EQ(parse({}).options.self_test, SelfTestMode::automatic);
  EXPECT_EQ(parse({"--self-test", "always"}).options.self_test, SelfTestMode::always);
  EXPECT_EQ(parse({"--self-test", "never"}).options.self_test, SelfTestMode::never);
  EXPECT_NE(usage_error({"--self-test", "sometimes"}).find("--self-test"), std::string::npos);
  EXPECT_EQ(parse({"--host-cache", "/c"}).options.host_cache, "/c");
}

TEST(NodeOptions, HelpEndsWell) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(parse({"--help"}).exit_status, 0);
  EXPECT_NE(testing::internal::GetCapturedStdout().find("--max-cpu-time"), std::string::npos);
}

TEST(NodeOptions, TheDefaultNameHoldsThePort) {
  EXPECT_TRUE(default_name(4001).ends_with("-4001"));
}

TEST(NodeOptions, PortalsToJoinAndLabelsMayBeSeveral) {
  const Options options =
      parse({"4321", "--join", "a:4000", "--join", "[::1]:4001", "--label", "gpu", "--label", "room=12"})
          .options;
  ASSERT_EQ(options.portals.size(), 2u);
  EXPECT_EQ(options.portals[1].host, "::1");
  EXPECT_EQ(options.labels, (std::vector<std::string>{"gpu", "room=12"}));
  EXPECT_EQ(options.listen.port, 4321);
  EXPECT_EQ(options.name, "") << "made of host name and port";
}

TEST(NodeOptions, ANodeThatOnlyJoinsListensOnAnyPortAndIsNamedAfterItsHost) {
  const Options options = parse({"--join", "a:4000"}).options;
  EXPECT_EQ(options.listen.host, "127.0.0.1");
  EXPECT_EQ(options.listen.port, 0);
  EXPECT_EQ(options.name, host_name());
  EXPECT_EQ(options.state_dir, default_state_dir("node"));
  EXPECT_EQ(parse({"--join", "a:4000", "--name", "n", "--state-dir", "/s"}).options.name, "n");
}

TEST(NodeOptions, BadLabelsAreRefused) {
  EXPECT_NE(usage_error({"--label", ""}), "");
  const std::string too_long(65, 'x');
  EXPECT_NE(usage_error({"--label", too_long.c_str()}).find("give 1 to 64"), std::string::npos);
}

TEST(NodeOptions, TheLastDrainTimeCounts) {
  EXPECT_EQ(parse({}).options.drain_time, std::chrono::seconds(30));
  EXPECT_EQ(parse({"--drain-time", "1ms", "--drain-time", "2m"}).options.drain_time, std::chrono::minutes(2));
}

}  // namespace
}  // namespace rota::node
