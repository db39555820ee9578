// Nodes that die, come back, or were never there.

#include <gmock/gmock.h>
#include <signal.h>

#include "tests/integration/cluster/cluster.hpp"
#include "tests/integration/cluster/dialogue.hpp"

namespace rota::test {
namespace {

using namespace std::chrono_literals;
using protocol::Schedule;
using protocol::Verdict;
using ::testing::HasSubstr;

protocol::Submit long_job() {
  auto submit = job("long.sh", "while :; do :; done");
  submit.limits.cpu_time = 60s;
  submit.limits.wall_time = 60s;
  submit.live_events = true;
  submit.schedule = Schedule::round_robin;
  return submit;
}

enum class Up : bool { no, yes };

// No sleep: the portal itself is asked until it says so; each answer is an event.
bool first_node_becomes(Up wanted, PacketClient& portal) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (std::chrono::steady_clock::now() < deadline) {
    portal.send(protocol::NodesQuery{});
    if (Up(portal.expect<protocol::Nodes>().nodes.at(0).up) == wanted) return true;
  }
  return false;
}

const std::vector<std::string> kShortGrace{"--grace-ms", "1000"};

TEST(NodeLoss, AKilledNodesJobGoesToAnother) {
  Cluster cluster(2, kShortGrace);
  auto client = cluster.connect();
  client.send(long_job());
  wait_for_event(client, "run.started");
  cluster.nodes[0]->signal(SIGKILL);
  const auto killed = std::chrono::steady_clock::now();
  wait_for_event(client, "node.lost");
  wait_for_event(client, "requeued");
  const auto started = wait_for_event(client, "run.started");
  EXPECT_LT(std::chrono::steady_clock::now() - killed, 5s);
  EXPECT_EQ(started.host, "node-2");
  EXPECT_EQ(started.attempt, 2u);
  client.send(protocol::Cancel{.job = started.job});
  wait_for_event(client, "returned");
  const auto result = client.expect<protocol::Result>();
  EXPECT_EQ(result.verdict, Verdict::CANCELLED);
  EXPECT_EQ(result.job, started.job);
}

TEST(NodeLoss, AJobThatLosesItsNodeThreeTimesIsAnsweredWithItsHistory) {
  Cluster cluster(1, kShortGrace);
  auto client = cluster.connect();
  client.send(long_job());
  for (int attempt = 1; attempt <= 3; ++attempt) {
    wait_for_event(client, "run.started");
    cluster.nodes[0]->signal(SIGKILL);
    ASSERT_TRUE(cluster.nodes[0]->wait(5s));
    cluster.restart_node(0);
    wait_for_event(client, "requeued");
  }
  wait_for_event(client, "returned");
  const auto result = client.expect<protocol::Result>();
  EXPECT_EQ(result.verdict, Verdict::IE);
  EXPECT_EQ(result.returncode, std::nullopt);
  EXPECT_THAT(result.message, HasSubstr("3 attempts came to nothing, by no fault of the program"));
  EXPECT_THAT(result.message, HasSubstr("attempt 1 at node-1: the node was started again"));
}

TEST(NodeLoss, AStoppedNodeIsNoticedByItsSilence) {
  Cluster cluster(1, kShortGrace);
  auto client = cluster.connect();
  client.send(long_job());
  wait_for_event(client, "run.started");
  cluster.nodes[0]->signal(SIGSTOP);
  wait_for_event(client, "node.lost");
  wait_for_event(client, "requeued");
  cluster.nodes[0]->signal(SIGCONT);
  EXPECT_EQ(wait_for_event(client, "run.started").attempt, 2u);
}

TEST(NodeLoss, ANodeThatIsDownIsSkippedAndComesBackByItself) {
  Cluster cluster(2);
  auto client = cluster.connect();
  cluster.nodes[0]->signal(SIGKILL);
  ASSERT_TRUE(cluster.nodes[0]->wait(5s));
  auto hello = job("a.sh", "echo here");
  hello.schedule = Schedule::round_robin;
  // The portal learns of the death by the connection's end, which may come a moment after the next job.
  ASSERT_TRUE(first_node_becomes(Up::no, client));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.submit(hello).node, "node-2");
  cluster.restart_node(0);
  ASSERT_TRUE(first_node_becomes(Up::yes, client));
  EXPECT_NE(client.submit(hello).node, client.submit(hello).node);
}

TEST(NodeLoss, ANodeThatCannotBeReachedGivesAClearErrorAndNoHang) {
  Cluster cluster(1);
  const auto address = cluster.nodes[0]->address();
  ASSERT_EQ(cluster.nodes[0]->stop(), 0);
  auto client = cluster.connect();
  client.send(job("a.sh", "echo hello"));
  const auto error = client.expect<protocol::Error>(10s);
  EXPECT_EQ(error.code, protocol::ErrorCode::no_node);
  EXPECT_THAT(error.message, HasSubstr(address));
  EXPECT_FALSE(error.job.empty());
}

TEST(NodeLoss, APortalThatStartsBeforeItsNodesFindsThemLater) {
  auto cluster = std::make_unique<Cluster>(1);
  const auto address = cluster->nodes[0]->address();
  ASSERT_EQ(cluster->nodes[0]->stop(), 0);
  Daemon portal(program_path("rota-portal"), {"--listen", "127.0.0.1:0", "--node", address, "--state-dir",
                                              cluster->folder.path() / "early-portal"});
  cluster->restart_node(0);
  PacketClient client(portal.host(), portal.port());
  EXPECT_EQ(client.submit(job("a.sh", "echo late")).stdout_bytes, "late\n");
}

}  // namespace
}  // namespace rota::test
