// Jobs that belong to a cluster: they outlive connections, and end when nothing is heard of the portals for too long.
#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>

#include "protocol/job_id.hpp"
#include "tests/integration/node/node_fixture.hpp"
#include "tests/integration/node/portal_peer.hpp"

namespace rota::test {
namespace {

using protocol::ErrorCode;
using protocol::HeldJob;
using protocol::Verdict;
using std::chrono::milliseconds;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class Leases : public NodeTest {
 protected:
  PortalPeer portal() const { return PortalPeer(connect()); }

  // An attempt at a job with an id of its own.
  static protocol::Submit attempt_at(protocol::Submit submission, std::uint32_t attempt = 1) {
    if (submission.job.empty()) submission.job = protocol::make_job_id(now().utc);
    submission.attempt = attempt;
    return submission;
  }

  bool sleeps() const {
    const auto processes = descendants_of(node->pid());
    return std::any_of(processes.begin(), processes.end(),
                       [](pid_t pid) { return command_line_of(pid).starts_with("sleep "); });
  }

  // Sends it and waits until its program sleeps.
  void start(PortalPeer& peer, const protocol::Submit& submission) const {
    peer.link.send(submission);
    ASSERT_TRUE(becomes_true([&] { return sleeps(); }));
  }

  bool has_finished(const std::string& job) const {
    return becomes_true([&] {
      const auto names = logged_names_of(job);
      return std::find(names.begin(), names.end(), "collected") != names.end();
    });
  }

  long count_of(const std::string& job, const std::string& event) const {
    const auto names = logged_names_of(job);
    return std::count(names.begin(), names.end(), event);
  }
};

TEST_F(Leases, TheResultOfAJobWhoseConnectionIsLostWaitsForTheNext) {
  start_node();
  const auto submission = attempt_at(job("late.sh", "sleep 0.5; echo late"), 3);
  {
    PortalPeer first = portal();
    EXPECT_THAT(first.lease(), IsEmpty());
    start(first, submission);
    first.link.reset_connection();
  }
  ASSERT_TRUE(has_finished(submission.job));
  PortalPeer second = portal();
  EXPECT_THAT(second.lease(), ElementsAre(HeldJob{submission.job, 3, true}));
  const auto result = second.link.expect<protocol::Result>();
  EXPECT_EQ(result.verdict, Verdict::AC);
  EXPECT_EQ(result.stdout_bytes, "late\n");
  EXPECT_EQ(result.attempt, 3u);
  EXPECT_EQ(count_of(submission.job, "run.started"), 1);
}

TEST_F(Leases, AJobGoesOnWhereThePortalEndsItsDirection) {
  start_node();
  const auto submission = attempt_at(job("late.sh", "sleep 0.5; echo late"));
  PortalPeer first = portal();
  first.lease();
  start(first, submission);
  first.link.finish_sending();
  EXPECT_EQ(first.link.next(), std::nullopt);
  PortalPeer second = portal();
  second.lease();
  EXPECT_EQ(second.link.expect<protocol::Result>().stdout_bytes, "late\n");
}

TEST_F(Leases, UnderANewConnectionAllEventsOfWhatGoesOnComeAgain) {
  start_node();
  auto submission = attempt_at(job("late.sh", "sleep 1; echo late"), 2);
  submission.live_events = true;
  PortalPeer first = portal();
  first.lease();
  start(first, submission);
  first.link.reset_connection();
  PortalPeer second = portal();
  EXPECT_THAT(second.lease(), ElementsAre(HeldJob{submission.job, 2, false}));
  std::vector<protocol::Event> events;
  while (events.empty() || events.back().name != "collected")
    events.push_back(second.link.expect<protocol::LiveEvent>().event);
  EXPECT_EQ(second.link.expect<protocol::Result>().events, events);
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].sequence, i + 1);
    EXPECT_EQ(events[i].attempt, 2u);
  }
}

TEST_F(Leases, AResultComesAgainUntilItIsStored) {
  start_node();
  const auto submission = attempt_at(example("hello.sh"));
  PortalPeer first = portal();
  first.lease();
  first.link.send(submission);
  first.link.expect<protocol::Result>();
  first.link.reset_connection();
  PortalPeer second = portal();
  second.lease();
  const auto again = second.link.expect<protocol::Result>();
  EXPECT_EQ(again.job, submission.job);
  second.store(again);
  second.ping();
  second.link.reset_connection();
  EXPECT_THAT(portal().lease(), IsEmpty());
}

TEST_F(Leases, WhereTheSubmittersConnectionEndsAnotherPortalOfTheClusterGetsTheResult) {
  start_node();
  PortalPeer first = portal(), second = portal();
  first.lease();
  second.lease();
  start(first, attempt_at(job("late.sh", "sleep 0.5; echo late")));
  first.link.reset_connection();
  EXPECT_EQ(second.link.expect<protocol::Result>().stdout_bytes, "late\n");
}

TEST_F(Leases, TheSameAttemptRunsOnceHoweverOftenItIsSubmitted) {
  start_node();
  const auto submission = attempt_at(job("late.sh", "sleep 0.5; echo late"));
  PortalPeer peer = portal();
  peer.lease();
  start(peer, submission);
  peer.link.send(submission);
  EXPECT_EQ(peer.link.expect<protocol::Result>().stdout_bytes, "late\n");
  EXPECT_THAT(peer.ping(), testing::SizeIs(1)) << "one answer for both";
  peer.link.send(submission);
  EXPECT_EQ(peer.link.expect<protocol::Result>().stdout_bytes, "late\n");
  EXPECT_EQ(count_of(submission.job, "run.started"), 1);
}

TEST_F(Leases, ALaterAttemptEndsTheEarlierOne) {
  start_node_with_slots(1);
  const auto submission = attempt_at(sleeping_job(), 1);
  PortalPeer peer = portal();
  peer.lease();
  start(peer, submission);
  auto later = job("quick.sh", "echo quick");
  later.job = submission.job;
  peer.link.send(attempt_at(later, 2));
  while (true) {
    const auto packet = peer.link.next().value();
    if (std::holds_alternative<protocol::LiveEvent>(packet)) continue;
    EXPECT_EQ(std::get<protocol::Result>(packet).stdout_bytes, "quick\n");
    EXPECT_EQ(std::get<protocol::Result>(packet).attempt, 2u);
    return;
  }
}

TEST_F(Leases, ACancelledAttemptEndsAndIsForgotten) {
  start_node_with_slots(1);
  const auto submission = attempt_at(sleeping_job(), 2);
  PortalPeer peer = portal();
  peer.lease();
  start(peer, submission);
  peer.link.send(protocol::Cancel{submission.job, 1});
  peer.ping();
  EXPECT_TRUE(sleeps()) << "that was another attempt";
  peer.link.send(protocol::Cancel{submission.job, 2});
  expect_that_the_node_is_fine();  // on the only slot
  EXPECT_THAT(logged_names_of(submission.job), Contains("cancelled"));
  EXPECT_THAT(portal().lease(), IsEmpty());
}

TEST_F(Leases, WhereNothingIsHeardForTooLongTheJobsEnd) {
  start_node_with_slots(1);
  const auto submission = attempt_at(sleeping_job());
  PortalPeer peer = portal();
  peer.lease(milliseconds(1500));
  start(peer, submission);
  expect_that_the_node_is_fine();  // on the only slot
  const auto fenced = logged("fenced");
  ASSERT_EQ(fenced.size(), 1u);
  EXPECT_EQ(fenced[0].fields.at("cluster"), protocol::FieldValue(kCluster));
  EXPECT_EQ(fenced[0].fields.at("jobs"), protocol::FieldValue(std::int64_t{1}));
  EXPECT_THAT(portal().lease(), IsEmpty());
}

TEST_F(Leases, TheFenceActsWithoutAnyConnection) {
  start_node_with_slots(1);
  PortalPeer peer = portal();
  peer.lease(milliseconds(1500));
  start(peer, attempt_at(sleeping_job()));
  peer.link.reset_connection();
  expect_that_the_node_is_fine();
  EXPECT_EQ(logged("fenced").size(), 1u);
}

TEST_F(Leases, PingsThatSayWhatWasHeardKeepTheJobsAlive) {
  start_node();
  PortalPeer peer = portal();
  peer.lease(milliseconds(1000));
  peer.link.send(attempt_at(job("late.sh", "sleep 3; echo late")));
  while (true) {
    const auto packets = peer.ping(peer.pings);
    const auto* result = std::get_if<protocol::Result>(&packets.front());
    if (result == nullptr) continue;
    EXPECT_EQ(result->stdout_bytes, "late\n");
    return;
  }
}

TEST_F(Leases, AfterTheFenceJobsAreTakenOnceTheLeaseIsRenewed) {
  start_node();
  PortalPeer peer = portal();
  peer.lease(milliseconds(1500));
  start(peer, attempt_at(sleeping_job()));
  ASSERT_TRUE(becomes_true([&] { return !logged("fenced").empty(); }));
  const auto next = attempt_at(example("hello.sh"));
  peer.link.send(next);
  while (true) {  // past the events of the first
    const auto packet = peer.link.next().value();
    if (std::holds_alternative<protocol::LiveEvent>(packet)) continue;
    EXPECT_EQ(std::get<protocol::Error>(packet).code, ErrorCode::busy);
    break;
  }
  peer.ping();
  peer.ping(peer.pings);
  peer.link.send(next);
  EXPECT_EQ(peer.link.expect<protocol::Result>().verdict, Verdict::AC);
}

TEST_F(Leases, ANodeThatWasStoppedForTooLongSendsNoResultOfThatTime) {
  start_node();
  const auto submission = attempt_at(job("late.sh", "sleep 3; echo late"));
  PortalPeer peer = portal();
  peer.lease(milliseconds(2000));
  start(peer, submission);
  node->signal(SIGSTOP);
  ASSERT_TRUE(becomes_true([&] { return !sleeps(); })) << "the box goes on";
  node->signal(SIGCONT);
  EXPECT_THAT(peer.ping(), testing::SizeIs(1)) << "the pong alone";
  ASSERT_TRUE(becomes_true([&] { return !logged("fenced").empty(); }));
  EXPECT_THAT(portal().lease(), IsEmpty());
}

TEST_F(Leases, JobsWithoutALeaseEndWithTheirConnectionAsEver) {
  start_node_with_slots(1);
  PortalPeer peer = portal();
  peer.greet();
  start(peer, attempt_at(sleeping_job()));
  peer.link.reset_connection();
  expect_that_the_node_is_fine();
}

TEST_F(Leases, OneThatAConnectionHasAlreadyIsRefused) {
  start_node();
  PortalPeer peer = portal();
  peer.lease();
  for (int i = 0; i < 2000; ++i) {
    peer.link.send(protocol::Lease{protocol::make_job_id(now().utc), milliseconds(1000)});
    ASSERT_EQ(peer.link.expect<protocol::Error>().code, ErrorCode::unexpected_packet);
  }
}

TEST_F(Leases, OfMoreClustersThanThereMayBeAreRefused) {
  start_node();
  std::vector<PortalPeer> peers;
  for (int i = 0; i < 64; ++i)
    peers.emplace_back(connect()).lease(milliseconds(1000), protocol::make_job_id(now().utc));
  PortalPeer last = portal();
  last.greet();
  last.link.send(protocol::Lease{protocol::make_job_id(now().utc), milliseconds(1000)});
  EXPECT_EQ(last.link.expect<protocol::Error>().code, ErrorCode::busy);
  peers.pop_back();
  ASSERT_TRUE(becomes_true([&] { return logged("connection.closed").size() == 1; }));
  last.link.send(protocol::Lease{protocol::make_job_id(now().utc), milliseconds(1000)});
  EXPECT_THAT(last.link.expect<protocol::Holdings>().jobs, IsEmpty());
}

TEST_F(Leases, AConnectionOverWhichNothingComesIsClosed) {
  start_node();
  PortalPeer peer = portal();
  peer.lease();
  EXPECT_EQ(peer.link.next(), std::nullopt);
}

TEST_F(Leases, StoredWithoutALeaseIsRefused) {
  start_node();
  PacketClient client = connect();
  client.send(protocol::Stored{protocol::make_job_id(now().utc), 1});
  EXPECT_EQ(client.expect<protocol::Error>().code, ErrorCode::unexpected_packet);
}

}  // namespace
}  // namespace rota::test
