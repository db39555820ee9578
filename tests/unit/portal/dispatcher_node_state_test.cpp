// Which nodes get jobs, and which.

#include "tests/unit/portal/dispatcher_fixture.hpp"

namespace rota::portal {
namespace {

using namespace std::chrono_literals;
using protocol::NodeState;
using protocol::Verdict;
using testing::ElementsAre;
using testing::IsEmpty;

class DispatcherNodeStateTest : public DispatcherTest {
 protected:
  NodeState state_of(NodeIndex node) const { return portal_state().nodes.at(node).state; }
  static protocol::Hello of_c() {
    auto greeting = hello(0);
    greeting.accepts = {"c", ".c", "gcc"};
    return greeting;
  }
  static protocol::Hello of_python() {
    auto greeting = hello(1);
    greeting.accepts = {"python", ".py"};
    return greeting;
  }
  protocol::Nodes portal_state() const { return const_cast<PortalBench&>(portal)->nodes(); }
};

TEST_F(DispatcherNodeStateTest, ThreeFailuresInARowQuarantineANodeUntilItsSelfTest) {
  node_up(0);
  submit(kAnna, 1);
  for (std::uint32_t attempt : {1, 2}) result(0, 1, attempt, Verdict::IE);
  node_up(1);
  EXPECT_EQ(state_of(0), NodeState::up);
  result(0, 1, 3, Verdict::IE);
  EXPECT_EQ(state_of(0), NodeState::quarantined);
  submit(kAnna, 5);
  EXPECT_THAT(sent_to(1), ElementsAre("5.1"));
  portal.tick(900ms);
  EXPECT_THAT(portal.to_node<protocol::SelfTest>(0), IsEmpty());
  portal.tick(100ms);
  EXPECT_EQ(portal.to_node<protocol::SelfTest>(0).size(), 1u);
  portal->self_tested(0, "pid namespace: not active");
  portal.tick(1900ms);
  EXPECT_THAT(portal.to_node<protocol::SelfTest>(0), IsEmpty()) << "after twice the time";
  portal.tick(100ms);
  EXPECT_EQ(portal.to_node<protocol::SelfTest>(0).size(), 1u);
  EXPECT_EQ(state_of(0), NodeState::quarantined);
  portal->self_tested(0, "");
  EXPECT_EQ(state_of(0), NodeState::up);
}

TEST_F(DispatcherNodeStateTest, OnProbationOneFailureIsEnough) {
  node_up(0, hello(0, 1, 1));
  submit(kAnna, 1);
  for (std::uint32_t attempt = 1; attempt <= 3; ++attempt) result(0, 1, attempt, Verdict::IE);
  portal.tick(1s);
  portal->self_tested(0, "");
  submit(kAnna, 2);
  result(0, 2, 1, Verdict::IE);
  EXPECT_EQ(state_of(0), NodeState::quarantined);
}

TEST_F(DispatcherNodeStateTest, AJobThatEndsWellEndsTheRowOfFailures) {
  node_up(0, hello(0, 1, 1));
  for (int i = 1; i <= 5; ++i) {
    submit(kAnna, i);
    result(0, i, 1, Verdict::IE);
    result(0, i, 2);
  }
  EXPECT_EQ(state_of(0), NodeState::up);
}

TEST_F(DispatcherNodeStateTest, AQuarantinedNodeOfVersion1OnlyWaits) {
  node_up(0, hello_of_version_1(0));
  submit(kAnna, 1);
  for (int i = 0; i < 3; ++i) result(0, 1, 0, Verdict::IE);
  EXPECT_EQ(state_of(0), NodeState::quarantined);
  portal.tick(1s);
  EXPECT_EQ(state_of(0), NodeState::up);
}

TEST_F(DispatcherNodeStateTest, ANodeThatDrainsKeepsItsJobsAndGetsNoMore) {
  node_up(0);
  submit(kAnna, 1);
  portal->node_drains(0, true);
  EXPECT_EQ(state_of(0), NodeState::draining);
  submit(kAnna, 2);
  EXPECT_THAT(sent_to(0), ElementsAre("1.1"));
  result(0, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
  node_down(0);
  node_up(0, hello(0, 2));
  EXPECT_THAT(sent_to(0), ElementsAre("2.1")) << "its next life is another matter";
}

TEST_F(DispatcherNodeStateTest, AnAdministratorDrainsByNameOrAddressForGood) {
  node_up(0);
  EXPECT_TRUE(portal->drain("node-1", true));
  EXPECT_FALSE(portal->drain("node-9", true));
  EXPECT_FALSE(portal->drain("", true)) << "no name is none, not that of a node that has not come yet";
  node_down(0);
  node_up(0, hello(0, 2));
  submit(kAnna, 1);
  EXPECT_THAT(sent_to(0), IsEmpty());
  EXPECT_TRUE(portal->drain("a:1", false));
  portal.settle();
  EXPECT_THAT(sent_to(0), ElementsAre("1.1"));
}

TEST_F(DispatcherNodeStateTest, TheNodesAreListedAsTheyAre) {
  auto greeting = hello(1);
  greeting.labels = {"gpu"};
  greeting.memory_bytes = 1 << 30;
  node_up(1, greeting);
  submit(kAnna, 1);
  const auto nodes = portal_state().nodes;
  ASSERT_EQ(nodes.size(), 2u);
  EXPECT_FALSE(nodes[0].up);
  EXPECT_EQ(nodes[0].state, NodeState::down);
  EXPECT_EQ(nodes[0].problem, "not connected yet");
  EXPECT_TRUE(nodes[1].up);
  EXPECT_EQ(nodes[1].problem, "");
  EXPECT_EQ(nodes[1].name, "node-2");
  EXPECT_EQ(nodes[1].jobs, 1u);
  EXPECT_THAT(nodes[1].labels, ElementsAre("gpu"));
}

TEST_F(DispatcherNodeStateTest, ALanguageWaitsForTheOneNodeThatHasItWhileThatIsAway) {
  node_up(0, of_c());
  submit(kAnna, job(1, "a.py"));
  EXPECT_THAT(sent_to(0), IsEmpty()) << "the other node may have it, and has not come yet";
  node_up(1, of_python());
  EXPECT_THAT(sent_to(1), ElementsAre("1.1"));
  result(1, 1);
  node_down(1);
  submit(kAnna, job(2, "a.py"));
  portal.tick(599s);
  EXPECT_THAT(sent_to(0), IsEmpty());
  submit(kAnna, job(3, "a.cob"));
  EXPECT_THAT(sent_to(0), ElementsAre("3.1")) << "what nobody has is refused by anyone";
  portal.tick(1s);
  EXPECT_THAT(sent_to(0), ElementsAre("2.1")) << "it has been away for too long";
}

TEST_F(DispatcherNodeStateTest, AfterTheGraceNodesThatNeverCameAreNotWaitedFor) {
  node_up(0, of_c());
  submit(kAnna, job(1, "a.py"));
  portal.tick(9900ms);
  EXPECT_THAT(sent_to(0), IsEmpty());
  portal.tick(100ms);
  EXPECT_THAT(sent_to(0), ElementsAre("1.1"));
}

TEST_F(DispatcherNodeStateTest, ALanguageGoesToTheNodeThatHasIt) {
  node_up(0, of_c());
  node_up(1, of_python());
  for (int i = 1; i <= 3; ++i) submit(kAnna, job(i, "a.py"));
  EXPECT_THAT(sent_to(1), ElementsAre("1.1", "2.1"));
  EXPECT_THAT(sent_to(0), IsEmpty()) << "the third waits for the node that has it";
  auto named = job(4, "main.txt");
  named.language = "GCC";
  submit(kAnna, named);
  EXPECT_THAT(sent_to(0), ElementsAre("4.1"));
}

}  // namespace
}  // namespace rota::portal
