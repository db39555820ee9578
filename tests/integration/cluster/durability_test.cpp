// The portal is killed with jobs in hand, and started again over its folder.

#include <gmock/gmock.h>

#include "protocol/conversion.hpp"
#include "tests/integration/cluster/cluster.hpp"
#include "tests/integration/cluster/dialogue.hpp"

namespace rota::test {
namespace {

using protocol::Verdict;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<protocol::Event> of_job(const std::filesystem::path& log, const std::string& job,
                                    const std::string& name) {
  std::vector<protocol::Event> events;
  for (auto& event : events_in(log)) {
    if (event.job == job && event.name == name) events.push_back(std::move(event));
  }
  return events;
}

protocol::Submit quiet(protocol::Submit submit) {
  submit.live_events = false;
  return submit;
}

TEST(Durability, ARunningJobIsAdoptedAndQueuedOnesRunOnceThePortalIsBack) {
  Cluster cluster(1);
  auto client = cluster.connect();
  for (int i : {1, 2}) submit_accepted(client, numbered(i, "sleep 2; echo " + std::to_string(i)));
  for (int i : {3, 4, 5}) submit_accepted(client, numbered(i, "echo " + std::to_string(i)));
  for (int i : {1, 2}) wait_until_started(cluster, id_of(i));
  cluster.kill_portal();
  cluster.restart_portal();

  auto other = cluster.connect();
  for (int i = 1; i <= 5; ++i) {
    other.send(protocol::Wait{.job = id_of(i)});
    const auto result = answer_to(other, id_of(i));
    EXPECT_EQ(result.verdict, Verdict::AC) << i << ": " << result.message;
    EXPECT_EQ(result.stdout_bytes, std::to_string(i) + "\n");
    EXPECT_EQ(result.attempt, 1u) << i;
    EXPECT_THAT(of_job(cluster.log_of("node-1"), id_of(i), "run.started"), SizeIs(1)) << i;
  }
  for (int i : {1, 2}) EXPECT_THAT(of_job(cluster.log_of("portal"), id_of(i), "adopted"), SizeIs(1)) << i;
  EXPECT_TRUE(cluster.stop());
}

TEST(Durability, TheSameIdGivesTheSameResultWithoutAnotherRunAlsoAfterARestart) {
  Cluster cluster(1);
  auto client = cluster.connect();
  submit_accepted(client, numbered(1, "date +%N"));
  const auto first = answer_to(client, id_of(1));
  client.send(numbered(1, "date +%N"));
  EXPECT_EQ(answer_to(client, id_of(1)), first);
  cluster.kill_portal();
  cluster.restart_portal();
  auto other = cluster.connect();
  other.send(protocol::Wait{.job = id_of(1)});
  EXPECT_EQ(answer_to(other, id_of(1)), first);
  other.send(numbered(1, "date +%N"));
  EXPECT_EQ(answer_to(other, id_of(1)), first);
  EXPECT_THAT(of_job(cluster.log_of("node-1"), id_of(1), "run.started"), SizeIs(1));
}

TEST(Durability, WhatWasAcceptedIsThereWheneverThePortalIsKilled) {
  Cluster cluster(0);
  for (int round = 0; round < 5; ++round) {
    auto client = cluster.connect();
    for (int i = 0; i < 100; ++i) client.send(quiet(numbered(round * 100 + i, "echo never run")));
    for (int i = 0; i < 20 * round; ++i) client.expect<protocol::Accepted>();
    cluster.kill_portal();
    int accepted = 20 * round;
    while (auto packet = client.next()) accepted += std::holds_alternative<protocol::Accepted>(*packet);
    cluster.restart_portal();
    auto other = cluster.connect();
    // Told in order of their submission.
    for (int i = 0; i < accepted; ++i) {
      other.send(protocol::Cancel{.job = id_of(round * 100 + i)});
      ASSERT_EQ(answer_to(other, id_of(round * 100 + i)).verdict, Verdict::CANCELLED) << round << "/" << i;
    }
  }
}

TEST(Durability, ANodeThatLosesItsPortalForGoodEndsItsJobs) {
  Cluster cluster(1, {"--grace-ms", "500"});
  auto client = cluster.connect();
  submit_accepted(client, numbered(1, "sleep 60"));
  wait_until_started(cluster, id_of(1));
  cluster.kill_portal();
  wait_for_log(*cluster.nodes[0], "fenced");
  cluster.restart_portal();
  auto other = cluster.connect();
  EXPECT_EQ(wait_until_started(cluster, id_of(1)).attempt, 2u);
  other.send(protocol::Cancel{.job = id_of(1)});
  EXPECT_EQ(answer_to(other, id_of(1)).verdict, Verdict::CANCELLED);
  EXPECT_TRUE(cluster.stop());
}

}  // namespace
}  // namespace rota::test
