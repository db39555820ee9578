// How a node leaves with work in hand.
#include <gmock/gmock.h>

#include <csignal>

#include "protocol/job_id.hpp"
#include "tests/integration/node/node_fixture.hpp"
#include "tests/integration/node/portal_peer.hpp"

namespace rota::test {
namespace {

using protocol::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::seconds;

class Drain : public NodeTest {
 protected:
  void start(const std::string& drain_time = "60s") {
    start_node_with_slots(1, {"--drain-time", drain_time});
  }

  static protocol::Submit of_half_a_second() {
    auto late = job("late.sh", "sleep 0.5; echo late");
    late.job = protocol::make_job_id(now().utc);
    late.live_events = true;
    late.attempt = 1;
    return late;
  }

  // Past live events.
  template <typename Wanted>
  static Wanted next(PacketClient& client) {
    while (true) {
      auto packet = client.next().value();
      if (auto* wanted = std::get_if<Wanted>(&packet)) return *wanted;
      EXPECT_TRUE(std::holds_alternative<protocol::LiveEvent>(packet));
    }
  }
};

TEST_F(Drain, ARunningAndAQueuedJobAreFinishedAndTheirResultsStoredFirst) {
  start();
  PortalPeer peer{connect()};
  peer.lease();
  peer.link.send(of_half_a_second());
  wait_for_event(peer.link, "run.started");
  peer.link.send(of_half_a_second());
  peer.ping();
  node->signal(SIGTERM);
  EXPECT_TRUE(next<protocol::Drain>(peer.link).on);
  for (int i = 0; i < 2; ++i) {
    const auto result = next<protocol::Result>(peer.link);
    EXPECT_EQ(result.stdout_bytes, "late\n");
    peer.ping();
    EXPECT_EQ(node->wait(milliseconds(0)), std::nullopt);
    peer.store(result);
  }
  EXPECT_EQ(node->wait(seconds(10)), 0);
}

TEST_F(Drain, NoJobIsTakenAnyMoreAndHellosSaySo) {
  start();
  PacketClient busy = connect();
  start_sleeping_job(busy);
  node->signal(SIGINT);
  ASSERT_TRUE(becomes_true([&] { return !logged("node.draining").empty(); }));
  PortalPeer peer{connect()};
  EXPECT_TRUE(peer.greet().draining);
  peer.link.send(of_half_a_second());
  EXPECT_EQ(peer.link.expect<protocol::Error>().code, ErrorCode::busy);
}

TEST_F(Drain, WhoeverSubmitsStraightToTheNodeGetsTheAnswerToo) {
  start();
  PacketClient client = connect();
  client.send(of_half_a_second());
  wait_for_event(client, "run.started");
  node->signal(SIGTERM);
  EXPECT_EQ(next<protocol::Result>(client).stdout_bytes, "late\n");
  EXPECT_EQ(node->wait(seconds(10)), 0);
}

TEST_F(Drain, NobodyIsWaitedForWhoHasGone) {
  start();
  PacketClient client = connect();
  start_sleeping_job(client);
  node->signal(SIGTERM);
  client.reset_connection();
  EXPECT_EQ(node->wait(seconds(10)), 0);
}

TEST_F(Drain, WithNothingInHandTheNodeEndsAtOnce) {
  start();
  PortalPeer peer{connect()};
  peer.lease();
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(seconds(10)), 0);
}

TEST_F(Drain, TakesNoLongerThanItsTime) {
  start("300ms");
  PortalPeer peer{connect()};
  peer.lease();
  peer.link.send(sleeping_job());
  wait_for_event(peer.link, "run.started");
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(seconds(10)), 0);
}

TEST_F(Drain, ASecondSignalEndsItAtOnce) {
  start();
  PacketClient client = connect();
  start_sleeping_job(client);
  node->signal(SIGTERM);
  ASSERT_TRUE(becomes_true([&] { return !logged("node.draining").empty(); }));
  EXPECT_EQ(node->wait(milliseconds(0)), std::nullopt);
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(seconds(10)), 0);
}

TEST_F(Drain, AResultWaitsForAPortalThatComesBack) {
  start();
  const auto submission = of_half_a_second();
  PortalPeer first{connect()};
  first.lease();
  first.link.send(submission);
  wait_for_event(first.link, "run.started");
  node->signal(SIGTERM);
  first.link.reset_connection();
  ASSERT_TRUE(becomes_true([&] { return logged_names_of(submission.job).back() == "collected"; }));
  PortalPeer second{connect()};
  second.lease();
  second.store(second.link.expect<protocol::Result>());
  EXPECT_EQ(node->wait(seconds(10)), 0);
}

}  // namespace
}  // namespace rota::test
