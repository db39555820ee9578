// What clients of version 2 ask of a whole cluster: cancel, queue bounds, drain, join, where a job goes.

#include <gmock/gmock.h>
#include <signal.h>

#include "tests/integration/cluster/dialogue.hpp"

namespace rota::test {
namespace {

using namespace std::chrono_literals;
using protocol::NodeState;
using protocol::Verdict;
using ::testing::IsEmpty;

TEST(ClusterCancel, EndsARunningJobAndOneThatIsQueuedAndTheirSeatsServeOthers) {
  Cluster cluster(1);
  auto client = cluster.connect();
  for (int i : {1, 2, 3}) submit_accepted(client, numbered(i, "sleep 60"));
  for (int i : {1, 2}) wait_until_started(cluster, id_of(i));
  auto other = cluster.connect();
  other.send(protocol::Cancel{.job = id_of(3)});
  const auto queued = answer_to(other, id_of(3));
  EXPECT_EQ(queued.verdict, Verdict::CANCELLED);
  EXPECT_EQ(queued.attempt, 0u);
  for (int i : {1, 2}) {
    other.send(protocol::Cancel{.job = id_of(i)});
    EXPECT_EQ(answer_to(other, id_of(i)).verdict, Verdict::CANCELLED);
    EXPECT_EQ(answer_to(client, id_of(i)).verdict, Verdict::CANCELLED) << "who submitted it hears the same";
  }
  submit_accepted(client, numbered(4, "echo free"));
  EXPECT_EQ(answer_to(client, id_of(4)).stdout_bytes, "free\n");
  EXPECT_TRUE(cluster.stop());
}

TEST(ClusterQueue, IsBoundedAndSaysWhenToTryAgain) {
  Cluster cluster(0, {"--max-queue", "2"});
  auto client = cluster.connect();
  for (int i : {1, 2}) submit_accepted(client, numbered(i, "echo never"));
  auto third = numbered(3, "echo never");
  third.live_events = false;
  auto other = cluster.connect();
  other.send(third);
  const auto error = other.expect<protocol::Error>();
  EXPECT_EQ(error.code, protocol::ErrorCode::busy);
  EXPECT_EQ(error.job, id_of(3));
  EXPECT_GT(error.retry_after, 0ms);
  other.send(protocol::Cancel{.job = id_of(1)});
  EXPECT_EQ(answer_to(other, id_of(1)).verdict, Verdict::CANCELLED);
  submit_accepted(other, third);
}

TEST(ClusterQueue, AJobThatFindsNoNodeInItsQueueTimeEnds) {
  Cluster cluster(0);
  auto client = cluster.connect();
  auto hurried = numbered(1, "echo never");
  hurried.queue_time = 300ms;
  client.send(hurried);
  const auto result = answer_to(client, id_of(1));
  EXPECT_EQ(result.verdict, Verdict::CANCELLED);
  EXPECT_THAT(result.message, ::testing::HasSubstr("queue time"));
}

TEST(ClusterDrain, ANodeThatIsToldToEndFinishesItsJobFirst) {
  Cluster cluster(1, {}, {"--drain-time", "60s"});
  auto client = cluster.connect();
  submit_accepted(client, numbered(1, "sleep 2; echo done"));
  wait_until_started(cluster, id_of(1));
  cluster.nodes[0]->signal(SIGTERM);
  ASSERT_TRUE(nodes_become(cluster, 1, NodeState::draining));
  submit_accepted(client, numbered(2, "echo later"));
  EXPECT_EQ(answer_to(client, id_of(1)).stdout_bytes, "done\n");
  EXPECT_EQ(cluster.nodes[0]->wait(20s), 0);
  cluster.restart_node(0);
  EXPECT_EQ(answer_to(client, id_of(2)).stdout_bytes, "later\n");
}

TEST(ClusterDrain, AnAdministratorTakesANodeOutAndBack) {
  Cluster cluster(2);
  auto client = cluster.connect();
  client.send(protocol::Drain{.node = "node-1", .on = true});
  EXPECT_EQ(client.expect<protocol::Nodes>().nodes.at(0).state, NodeState::draining);
  for (int i = 1; i <= 4; ++i) {
    submit_accepted(client, numbered(i, "echo there"));
    EXPECT_EQ(answer_to(client, id_of(i)).node, "node-2");
  }
  client.send(protocol::Drain{.node = "node-1", .on = false});
  EXPECT_EQ(client.expect<protocol::Nodes>().nodes.at(0).state, NodeState::up);
}

TEST(ClusterJoin, ANodeComesByItselfWhenThePortalIsThereAndThereAgain) {
  Cluster cluster(0);
  cluster.kill_portal();
  cluster.join_node("early");
  cluster.restart_portal();
  auto client = cluster.connect();
  submit_accepted(client, numbered(1, "echo first"));
  EXPECT_EQ(answer_to(client, id_of(1)).node, "early");
  submit_accepted(client, numbered(2, "sleep 2; echo second"));
  wait_until_started(cluster, id_of(2));
  cluster.kill_portal();
  cluster.restart_portal();
  auto other = cluster.connect();
  other.send(protocol::Wait{.job = id_of(2)});
  const auto result = answer_to(other, id_of(2));
  EXPECT_EQ(result.stdout_bytes, "second\n");
  EXPECT_EQ(result.attempt, 1u);
}

TEST(ClusterJoin, OfTwoNodesUnderOneNameTheFirstIsToldSo) {
  Cluster cluster(0);
  auto first = cluster.connect(), second = cluster.connect(), first_again = cluster.connect();
  first.send(protocol::Join{"twin", id_of(1)});
  first.expect<protocol::Hello>();
  second.send(protocol::Join{"twin", id_of(2)});
  second.expect<protocol::Hello>();
  first_again.send(protocol::Join{"twin", id_of(1)});
  const auto error = first_again.expect<protocol::Error>();
  EXPECT_EQ(error.code, protocol::ErrorCode::forbidden);
  EXPECT_THAT(error.message, ::testing::HasSubstr("--name"));
  second.send(protocol::Hello{.name = "twin", .session = id_of(2)});
  second.expect<protocol::Lease>();
}

TEST(ClusterPlaces, AJobGoesToTheNodeThatHasItsLanguageAndItsLabels) {
  Cluster cluster(0);
  const auto languages = program_path("").parent_path().parent_path() / "share/rota/languages";
  cluster.join_node("shell", {"--languages", languages / "bash.json"});
  cluster.join_node("all", {"--label", "room=12", "--label", "big"});
  ASSERT_TRUE(nodes_become(cluster, 2, NodeState::up));
  auto client = cluster.connect();
  for (int i = 1; i <= 4; ++i) {
    auto python = numbered(i, "print('here')");
    python.file_name = "a.py";
    submit_accepted(client, python);
    EXPECT_EQ(answer_to(client, id_of(i)).node, "all");
  }
  for (int i = 5; i <= 8; ++i) {
    auto labelled = numbered(i, "echo here");
    labelled.labels = {"big"};
    submit_accepted(client, labelled);
    EXPECT_EQ(answer_to(client, id_of(i)).node, "all");
  }
  std::set<std::string> nodes;
  for (int i = 9; i <= 12; ++i) {
    submit_accepted(client, numbered(i, "echo anywhere"));
    nodes.insert(answer_to(client, id_of(i)).node);
  }
  EXPECT_THAT(nodes, ::testing::UnorderedElementsAre("all", "shell"));
}

TEST(ClusterFairness, AUsersLaterConnectionIsNotMadeToWaitForWhatItsFirstDoesNotRead) {
  Cluster cluster(1);
  auto first = cluster.connect();
  for (int i = 1; i <= 200; ++i) first.send(numbered(i, "head -c 100000 /dev/zero"));
  auto second = cluster.connect();
  auto urgent = numbered(1000, "echo urgent");
  urgent.priority = 9;
  submit_accepted(second, urgent);
  EXPECT_EQ(answer_to(second, id_of(1000)).stdout_bytes, "urgent\n");
  EXPECT_TRUE(cluster.stop());
}

}  // namespace
}  // namespace rota::test
