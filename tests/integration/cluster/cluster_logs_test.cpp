// Every node's log, read from one place.

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "tests/integration/cluster/cluster.hpp"

namespace rota::test {
namespace {

using namespace std::chrono_literals;
using protocol::LogLine;
using protocol::LogsEnd;
using protocol::LogsQuery;
using protocol::Schedule;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;

class ClusterLogsTest : public ::testing::Test {
 protected:
  std::string run_one() {
    auto submit = job("a.sh", "echo logged");
    submit.schedule = Schedule::round_robin;
    return client.submit(submit).job;
  }
  std::vector<protocol::Event> ask(LogsQuery query, std::vector<std::string>* unreachable = nullptr) {
    query.query = "test";
    client.send(query);
    std::vector<protocol::Event> lines;
    for (;;) {
      auto packet = client.next();
      if (!packet) throw std::runtime_error("connection closed");
      if (auto* end = std::get_if<LogsEnd>(&*packet)) {
        if (unreachable != nullptr) *unreachable = end->unreachable;
        return lines;
      }
      lines.push_back(std::get<LogLine>(*packet).event);
    }
  }

  Cluster cluster{3};
  PacketClient client = cluster.connect();
};

TEST_F(ClusterLogsTest, TheLinesOfAllNodesComeInOrderOfTime) {
  for (int i = 0; i < 6; ++i) run_one();
  const auto lines = ask({});
  EXPECT_TRUE(std::is_sorted(lines.begin(), lines.end(),
                             [](const auto& a, const auto& b) { return a.time < b.time; }));
  std::set<std::string> hosts;
  for (const auto& line : lines) hosts.insert(line.host);
  EXPECT_THAT(hosts, ElementsAre("node-1", "node-2", "node-3"));
}

TEST_F(ClusterLogsTest, OneNodeOrOneJobCanBeAskedFor) {
  const auto first = run_one();
  run_one();
  LogsQuery of_job;
  of_job.job = first;
  const auto lines = ask(of_job);
  ASSERT_FALSE(lines.empty());
  EXPECT_THAT(lines, Each(Field(&protocol::Event::job, first)));
  LogsQuery of_node;
  of_node.node = "node-2";
  const auto lines_of_node = ask(of_node);
  ASSERT_FALSE(lines_of_node.empty());
  EXPECT_THAT(lines_of_node, Each(Field(&protocol::Event::host, "node-2")));
}

TEST_F(ClusterLogsTest, SinceLeavesOutWhatIsOlder) {
  run_one();
  const auto all = ask({});
  ASSERT_FALSE(all.empty());
  LogsQuery recent;
  recent.since = all.back().time;
  const auto lines = ask(recent);
  ASSERT_FALSE(lines.empty()) << "the line of that very moment is not older";
  EXPECT_LT(lines.size(), all.size());
  for (const auto& line : lines) EXPECT_GE(line.time, all.back().time);
}

TEST_F(ClusterLogsTest, FollowingShowsWhatHappensNext) {
  auto follower = cluster.connect();
  LogsQuery query;
  query.query = "live";
  query.follow = true;
  query.since = now().utc;
  follower.send(query);
  // The query has reached the nodes before this job does: both go the same way, in order.
  follower.send(protocol::Ping{1});
  follower.expect<protocol::Pong>();
  const auto id = run_one();
  std::string last;
  while (last != "collected") {
    const auto line = follower.expect<LogLine>();
    if (line.event.job == id) last = line.event.name;
  }
  follower.send(protocol::LogsStop{"live"});
  for (;;) {
    const auto packet = follower.next();
    ASSERT_TRUE(packet);
    if (std::holds_alternative<LogsEnd>(*packet)) break;
  }
}

TEST_F(ClusterLogsTest, ANodeThatIsDownIsNamed) {
  cluster.nodes[1]->stop();
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  std::vector<std::string> unreachable;
  do {
    ask({}, &unreachable);
  } while (unreachable.empty() && std::chrono::steady_clock::now() < deadline);
  EXPECT_THAT(unreachable, ElementsAre("node-2"));
}

}  // namespace
}  // namespace rota::test
