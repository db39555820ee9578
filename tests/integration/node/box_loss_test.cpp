// Boxes that die, in the middle of a run or otherwise, or cannot be had at all.
#include <gmock/gmock.h>

#include <csignal>

#include "tests/integration/node/node_fixture.hpp"

namespace rota::test {
namespace {

using protocol::Verdict;
using testing::HasSubstr;

class BoxLoss : public NodeTest {
 protected:
  pid_t only_box() const {
    const auto children = children_of(node->pid());
    EXPECT_EQ(children.size(), 1u);
    return children.empty() ? -1 : children.front();
  }
};

TEST_F(BoxLoss, InTheMiddleOfARunIsAnInternalErrorAndTheNodeGoesOn) {
  start_node_with_slots(1);
  PacketClient client = connect();
  start_sleeping_job(client);
  const pid_t box = only_box();
  const auto below = descendants_of(box);
  send_signal(box, SIGKILL);
  wait_for_event(client, "collected");
  const auto result = client.expect<protocol::Result>();
  EXPECT_EQ(result.verdict, Verdict::IE);
  EXPECT_EQ(result.returncode, std::nullopt);
  EXPECT_THAT(result.message, HasSubstr("the sandbox failed"));
  EXPECT_TRUE(becomes_true([&] { return logged("box.lost").size() == 1; }));
  expect_that_the_node_is_fine();
  EXPECT_NE(only_box(), box);
  for (const pid_t pid : below) EXPECT_TRUE(becomes_true([&] { return !is_running(pid); })) << pid;
}

TEST_F(BoxLoss, WhileIdleCostsNothingButAnotherBox) {
  start_node_with_slots(1);
  send_signal(only_box(), SIGKILL);
  ASSERT_TRUE(becomes_true([&] { return logged("box.started").size() == 2; }));
  expect_that_the_node_is_fine();
}

TEST_F(BoxLoss, OfManyBoxesInUseDoesNotAddUpToTheEndOfTheNode) {
  start_node_with_slots(1);
  for (int i = 0; i < 7; ++i) {
    PacketClient client = connect();
    start_sleeping_job(client);
    send_signal(only_box(), SIGKILL);
    wait_for_event(client, "collected");
    EXPECT_EQ(client.expect<protocol::Result>().verdict, Verdict::IE);
  }
  expect_that_the_node_is_fine();
}

TEST_F(BoxLoss, AProgramThatIsNoBoxStopsTheNodeAtStart) {
  try {
    start_node({"--box", "/bin/false"});
    FAIL() << "the node started";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("the box ended with exit code 1"));
  }
}

TEST_F(BoxLoss, AProgramThatIsNotThereStopsTheNodeAtStart) {
  try {
    start_node({"--box", "/nonexistent/rota-box"});
    FAIL() << "the node started";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("/nonexistent/rota-box"));
  }
}

TEST_F(BoxLoss, BoxesThatCannotBeReplacedEndTheNodeWithTheReason) {
  const auto box = folder.path() / "box";
  std::filesystem::create_symlink(program_path("rota-box"), box);
  start_node_with_slots(1, {"--box", box});
  std::filesystem::remove(box);
  std::filesystem::create_symlink("/bin/false", box);
  send_signal(only_box(), SIGKILL);
  EXPECT_EQ(node->wait(std::chrono::seconds(20)), 1);
  EXPECT_THAT(node->output(), HasSubstr("5 boxes in a row failed"));
}

}  // namespace
}  // namespace rota::test
