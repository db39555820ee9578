// What a node does before it takes its first job: refuse where a layer is missing, and try hostile programs.
#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "tests/integration/node/node_fixture.hpp"
#include "tests/support/held_port.hpp"
#include "tests/support/missing_layers.hpp"

namespace rota::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

namespace fs = std::filesystem;

class SelfTest : public NodeTest {
 protected:
  // One slot, no cache but the state folder's own, and nothing allowed to be missing.
  std::vector<std::string> strict_flags(const std::vector<std::string>& more,
                                        const std::string& port = "0") const {
    std::vector<std::string> all{
        port, "--slots", "1", "--name", "node-1", "--state-dir", folder.path() / "state", "--no-prepare"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  std::vector<std::string> flags(const std::vector<std::string>& more, const std::string& port = "0") const {
    return also_without_cgroups(strict_flags(more, port));
  }

  void start(const std::vector<std::string>& more = {}, const std::string& port = "0") {
    node.reset();
    node = std::make_unique<Daemon>(program_path("rota-node"), flags(more, port));
  }

  static Finished run(const std::vector<std::string>& arguments,
                      const std::string& program = program_path("rota-node")) {
    return run_to_end(program, arguments, std::chrono::seconds(60));
  }

  // A box program whose self-test is this shell text.
  std::string box_with_self_test(const std::string& text) const {
    const auto box = folder.path() / "box";
    std::ofstream(box) << "#!/bin/sh\nif [ \"$1\" = self-test ]; then " << text << "; fi\nexec "
                       << program_path("rota-box").string() << " \"$@\"\n";
    fs::permissions(box, fs::perms::owner_all);
    return box;
  }

  // An installation without attack programs.
  std::string box_alone() const {
    fs::create_directory(folder.path() / "bin");
    fs::copy_file(program_path("rota-box"), folder.path() / "bin/rota-box");
    return folder.path() / "bin/rota-box";
  }

  // The arguments of unshare(1) that run a node with these flags where no cgroup hierarchy is mounted.
  std::vector<std::string> without_cgroups(const std::vector<std::string>& more) const {
    std::vector<std::string> all{
        "--mount", "sh", "-c", "umount -R /sys/fs/cgroup && exec \"$@\"", "sh", program_path("rota-node")};
    for (const auto& flag : strict_flags(more)) all.push_back(flag);
    return all;
  }
};

constexpr const char* kUnshare = "/usr/bin/unshare";

TEST_F(SelfTest, RunsAtTheFirstStartAndNotAtTheSecond) {
  start();
  ASSERT_THAT(logged("self-test.passed"), SizeIs(1));
  EXPECT_THAT(logged("self-test.cached"), IsEmpty());
  start();
  EXPECT_THAT(logged("self-test.passed"), SizeIs(1));
  EXPECT_THAT(logged("self-test.cached"), SizeIs(1));
  EXPECT_THAT(logged("node.started"), SizeIs(2));
}

TEST_F(SelfTest, ComesBeforeTheFirstJobAndAfterTheBoxes) {
  start();
  auto names = names_of(logged());
  EXPECT_EQ(names, (std::vector<std::string>{"box.started", "self-test.passed", "toolchains.found",
                                             "node.started"}));
}

TEST_F(SelfTest, RunsAlwaysOrNeverWhereThatIsAskedFor) {
  start({"--self-test", "never"});
  EXPECT_THAT(logged("self-test.skipped"), SizeIs(1));
  EXPECT_THAT(node->output(), HasSubstr("NO SELF-TEST"));
  start({"--self-test", "always"});
  start({"--self-test", "always"});
  EXPECT_THAT(logged("self-test.passed"), SizeIs(2));
}

TEST_F(SelfTest, ThatFailsStopsTheNodeWithWhatWasNotContained) {
  const auto box =
      box_with_self_test("echo 'NOT CONTAINED  files/escape (1 ms): out'; echo '0 contained, 1 not'; exit 1");
  const auto ended = run(flags({"--box", box}));
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.output, HasSubstr("NOT CONTAINED  files/escape (1 ms): out"));
  ASSERT_THAT(logged("self-test.failed"), SizeIs(1));
  EXPECT_THAT(std::get<std::string>(logged("self-test.failed")[0].fields.at("output")), HasSubstr("1 not"));
  EXPECT_THAT(logged("node.started"), IsEmpty());
}

TEST_F(SelfTest, ConnectionsAreRefusedUntilItHasPassed) {
  const HeldPort port;
  const std::string tried = folder.path() / "tried", connected = folder.path() / "connected";
  const auto number = port.address().substr(port.address().find(':') + 1);
  const auto box = box_with_self_test("touch " + tried + "; bash -c ': 3<>/dev/tcp/127.0.0.1/" + number +
                                      "' 2>/dev/null && touch " + connected);
  start({"--box", box}, number);
  EXPECT_TRUE(fs::exists(tried));
  EXPECT_FALSE(fs::exists(connected));
  connect();
}

TEST_F(SelfTest, RunsAgainWhereAPortalAsksForIt) {
  start();
  PacketClient first = connect(), second = connect();
  first.send(protocol::SelfTest{});
  first.finish_sending();
  second.send(protocol::SelfTest{});
  expect_that_the_node_is_fine();  // meanwhile
  EXPECT_EQ(first.expect<protocol::SelfTested>().problem, "");
  EXPECT_EQ(second.expect<protocol::SelfTested>().problem, "");
  EXPECT_EQ(first.next(), std::nullopt);
  EXPECT_THAT(logged("self-test.passed"), SizeIs(2)) << "one at the start, one for both";
}

TEST_F(SelfTest, ThatFailsLaterIsToldAndLeavesTheNodeUp) {
  const auto been = (folder.path() / "been").string();
  start({"--box",
         box_with_self_test("test -e " + been + " && echo 'NOT CONTAINED  files/escape' && exit 1; touch " +
                            been + "; exit 0")});
  PacketClient client = connect();
  client.send(protocol::SelfTest{});
  EXPECT_THAT(client.expect<protocol::SelfTested>().problem, HasSubstr("NOT CONTAINED  files/escape"));
  expect_that_the_node_is_fine();
}

TEST_F(SelfTest, ThatMayNeverRunIsNotRunForAPortalEither) {
  start({"--self-test", "never"});
  PacketClient client = connect();
  client.send(protocol::SelfTest{});
  EXPECT_EQ(client.expect<protocol::SelfTested>().problem, "");
  EXPECT_THAT(logged("self-test.skipped"), SizeIs(1));
}

TEST_F(SelfTest, WithoutProgramsIsAMissingLayer) {
  const auto box = box_alone();
  const auto ended = run(flags({"--box", box}));
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.output, AllOf(HasSubstr("self-test is missing: the attack programs are not installed"),
                                  HasSubstr("--allow-missing self-test")));
  start({"--box", box, "--allow-missing", "self-test"});
  EXPECT_THAT(logged("self-test.skipped"), SizeIs(1));
  expect_that_the_node_is_fine();
}

TEST_F(SelfTest, AMissingLayerStopsTheNodeWithTheReason) {
  if (::geteuid() != 0) GTEST_SKIP() << "NOT TESTED: only root expects cgroups";
  const auto ended = run(without_cgroups({}), kUnshare);
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.output, AllOf(HasSubstr("rota-node: memory-cgroup is missing: "),
                                  HasSubstr("--allow-missing memory-cgroup")));
  EXPECT_THAT(logged("node.started"), IsEmpty());
}

TEST_F(SelfTest, AMissingLayerThatIsAllowedIsToldLoudly) {
  if (::geteuid() != 0) GTEST_SKIP() << "NOT TESTED: only root expects cgroups";
  node = std::make_unique<Daemon>(kUnshare, without_cgroups(allow_missing_cgroups()));
  EXPECT_THAT(node->output(), HasSubstr("RUNS WITHOUT memory-cgroup ("));
  EXPECT_THAT(std::get<std::string>(logged("box.started").at(0).fields.at("allowed_missing")),
              AllOf(HasSubstr("memory-cgroup"), HasSubstr("pids-cgroup"), HasSubstr("cpu-cgroup")));
  EXPECT_THAT(logged("self-test.passed"), SizeIs(1));
  expect_that_the_node_is_fine();
}

}  // namespace
}  // namespace rota::test
