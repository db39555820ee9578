// How the node starts and ends.
#include <gmock/gmock.h>

#include <csignal>
#include <fstream>

#include "tests/integration/node/node_fixture.hpp"

namespace rota::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class Lifecycle : public NodeTest {
 protected:
  Finished run_node(std::vector<std::string> flags) {
    return run_to_end(program_path("rota-node"), std::move(flags));
  }

  // Box processes and what they made must be gone.
  static void expect_nothing_left(const std::vector<pid_t>& boxes, const std::vector<pid_t>& processes) {
    for (const pid_t pid : processes) EXPECT_FALSE(is_running(pid)) << pid;
    for (const pid_t box : boxes) {
      EXPECT_THAT(our_cgroups(), Not(Contains(EndsWith("rota-box-" + std::to_string(box)))));
    }
  }
};

TEST_F(Lifecycle, SigtermLeavesNothingBehind) {
  const auto mounts = our_mounts();
  start_node();
  PacketClient client = connect();
  start_sleeping_job(client);
  const auto boxes = children_of(node->pid());
  const auto processes = descendants_of(node->pid());
  ASSERT_EQ(boxes.size(), 2u);
  ASSERT_GT(processes.size(), 2u);
  EXPECT_EQ(node->stop(), 0);
  expect_nothing_left(boxes, processes);
  EXPECT_EQ(our_mounts(), mounts);
  EXPECT_EQ(client.next(), std::nullopt);
}

TEST_F(Lifecycle, SigintEndsItTheSameWay) {
  start_node();
  node->signal(SIGINT);
  EXPECT_EQ(node->wait(std::chrono::seconds(10)), 0);
}

TEST_F(Lifecycle, ASignalWhileItsBoxesStartEndsItTheSameWay) {
  const auto box = folder.path() / "box";
  std::ofstream(box) << "#!/bin/sh\nkill -TERM $PPID\nexec " << program_path("rota-box").string()
                     << " \"$@\"\n";
  std::filesystem::permissions(box, std::filesystem::perms::owner_all);
  const auto ended = run_node({"0", "--slots", "64", "--box", box, "--state-dir", folder.path() / "state"});
  EXPECT_EQ(ended.status, 0) << ended.output;
}

TEST_F(Lifecycle, BoxesEndWithANodeThatIsKilled) {
  start_node();
  PacketClient client = connect();
  start_sleeping_job(client);
  const auto boxes = children_of(node->pid());
  const auto processes = descendants_of(node->pid());
  node->signal(SIGKILL);
  EXPECT_EQ(node->wait(std::chrono::seconds(10)), 128 + SIGKILL);
  EXPECT_TRUE(becomes_true([&] { return std::none_of(processes.begin(), processes.end(), is_running); }));
  expect_nothing_left(boxes, processes);
}

TEST_F(Lifecycle, TheStartIsLoggedWithItsLayers) {
  start_node();
  const auto started = logged("box.started");
  ASSERT_EQ(started.size(), 2u);
  EXPECT_THAT(std::get<std::string>(started[0].fields.at("layers")),
              AllOf(HasSubstr("namespace"), HasSubstr("seccomp")));
  EXPECT_EQ(logged("node.started").at(0).fields.at("address"), protocol::FieldValue(node->address()));
}

TEST_F(Lifecycle, UsageErrorsEndWith64) {
  EXPECT_EQ(run_node({"--slots", "none"}).status, 64);
  EXPECT_EQ(run_node({"99999"}).status, 64);
  EXPECT_THAT(run_node({"--bogus"}).output, HasSubstr("bogus"));
}

TEST_F(Lifecycle, APortThatIsTakenIsNamed) {
  start_node();
  const auto second = run_node({std::to_string(node->port()), "--state-dir", folder.path() / "second"});
  EXPECT_EQ(second.status, 1);
  EXPECT_THAT(second.output, HasSubstr("127.0.0.1:" + std::to_string(node->port())));
}

TEST_F(Lifecycle, ABadLanguageTableIsNamedWithItsKey) {
  const auto table = folder.path() / "own.json";
  std::ofstream(table) << "{\"name\": \"L\",\n\"run\": {\"argv\": [\"l\"]}}";
  const auto ended = run_node({"0", "--languages", table, "--state-dir", folder.path() / "state"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.output, HasSubstr("own.json:2: run.argv: {arguments}"));
}

TEST_F(Lifecycle, AnotherLanguageTableTakesThePlaceOfTheInstalledOne) {
  const auto table = folder.path() / "own.json";
  std::ofstream(table) << R"({"name": "Sed", "extensions": ["sed"],
      "run": {"argv": ["/bin/sed", "-f", "{source}", "{arguments}"]}})";
  start_node({"--languages", table});
  auto script = job("twice.sed", "p\n");
  script.stdin_bytes = "line\n";
  const auto result = submit(script);
  EXPECT_EQ(result.stdout_bytes, "line\nline\n");
  EXPECT_EQ(result.language, "Sed");
  EXPECT_FALSE(result.compile);
}

}  // namespace
}  // namespace rota::test
