// `rota` and portals that come and go: the portal is played by the test.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "protocol/job_id.hpp"
#include "tests/integration/client/command.hpp"
#include "tests/support/fake_portal.hpp"

namespace rota::test {
namespace {

using protocol::ErrorCode;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kJob = "01938c6e-5a00-7abc-8def-0123456789ab";

protocol::Result result_of(const std::string& job, protocol::Verdict verdict = protocol::Verdict::AC) {
  protocol::Result result;
  result.job = job;
  result.verdict = verdict;
  if (verdict == protocol::Verdict::AC) result.returncode = 0;
  result.stdout_bytes = verdict == protocol::Verdict::AC ? "hello\n" : "";
  return result;
}

protocol::LiveEvent event_of(const std::string& job, const std::string& name, std::uint32_t sequence) {
  protocol::LiveEvent live;
  live.event.host = "portal";
  live.event.job = job;
  live.event.name = name;
  live.event.sequence = sequence;
  return live;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

class PatienceTest : public testing::Test {
 protected:
  PatienceTest() { home_.write("hello.sh", "echo hello\n"); }

  Command start(std::vector<std::string> arguments, bool terminal = false) {
    return {home_,
            std::move(arguments),
            {.environment = {{"ROTA_PORTAL", portal_.address()}}, .terminal = terminal}};
  }

  // A submission that the portal has accepted, and the job's id.
  struct Accepted {
    PacketClient connection;
    std::string job;
  };
  Accepted accept_submission(std::uint64_t ahead = 0, milliseconds estimate = milliseconds(0)) {
    auto connection = portal_.accept();
    auto job = connection.expect<protocol::Submit>().job;
    connection.send(protocol::Accepted{job, ahead, estimate});
    return {std::move(connection), std::move(job)};
  }

  Home home_;
  FakePortal portal_;
};

TEST_F(PatienceTest, SubmitsTheSameJobAgainWhereNoAcknowledgementCame) {
  auto command = start({"submit", "hello.sh"});
  const auto first = portal_.accept().expect<protocol::Submit>();
  EXPECT_TRUE(protocol::is_job_id(first.job));
  EXPECT_TRUE(first.acknowledge);
  auto connection = portal_.accept();
  EXPECT_EQ(connection.expect<protocol::Submit>(), first);
  connection.send(result_of(first.job));
  EXPECT_EQ(command.finish().out, "hello\n");
}

TEST_F(PatienceTest, WaitsForAnAcceptedJobOnTheNextConnection) {
  auto command = start({"submit", "hello.sh", "--events"});
  std::string job;
  {
    auto accepted = accept_submission();
    job = accepted.job;
    accepted.connection.send(event_of(job, "queued", 1));
    command.await_err("queued");
  }
  auto connection = portal_.accept();
  const auto wait = connection.expect<protocol::Wait>();
  EXPECT_EQ(wait.job, job);
  EXPECT_TRUE(wait.live_events);
  connection.send(event_of(job, "queued", 1));
  connection.send(event_of(job, "dispatched", 2));
  connection.send(result_of(job));
  const auto outcome = command.finish();
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(count(outcome.err, "  queued"), 1u) << outcome.err;
  EXPECT_EQ(count(outcome.err, "  dispatched"), 1u) << outcome.err;
}

TEST_F(PatienceTest, SaysPlainlyThatThePortalHasLostAnAcceptedJob) {
  auto command = start({"submit", "hello.sh"});
  const auto job = accept_submission().job;
  auto connection = portal_.accept();
  connection.expect<protocol::Wait>();
  connection.send(protocol::Error{ErrorCode::unknown_job, job, "", "no such job"});
  const auto outcome = command.finish();
  EXPECT_EQ(outcome.status, 75);
  EXPECT_THAT(outcome.err, HasSubstr("the portal has lost its store"));
}

TEST_F(PatienceTest, TriesAFullPortalAgainAndSaysSoOnATerminal) {
  auto command = start({"submit", "hello.sh"}, true);
  {
    auto connection = portal_.accept();
    const auto job = connection.expect<protocol::Submit>().job;
    connection.send(protocol::Error{ErrorCode::busy, job, "", "full", milliseconds(100)});
    command.await_err("the portal is full; trying again in 0.");
  }
  auto accepted = accept_submission(12, milliseconds(3400));
  command.await_err("place 13 in the queue, about 3.4 s");
  accepted.connection.send(result_of(accepted.job));
  EXPECT_EQ(command.finish().status, 0);
}

TEST_F(PatienceTest, SaysNothingOfThatWhereNobodyWatches) {
  auto command = start({"submit", "hello.sh", "--quiet"});
  auto accepted = accept_submission(12);
  accepted.connection.send(result_of(accepted.job));
  EXPECT_EQ(command.finish().err, "");
}

TEST_F(PatienceTest, GivesUpWhereItsPatienceEnds) {
  auto command = start({"submit", "hello.sh", "--patience", "50ms"});
  std::string job;
  {
    const FakePortal gone = std::move(portal_);
    auto connection = gone.accept();
    job = connection.expect<protocol::Submit>().job;
    connection.send(protocol::Accepted{job, 0, milliseconds(0)});
  }
  const auto outcome = command.finish();
  EXPECT_EQ(outcome.status, 75);
  EXPECT_THAT(outcome.err, HasSubstr("rota wait " + job));
}

TEST_F(PatienceTest, TriesTheNextPortalOfTheList) {
  const FakePortal second;
  auto command = start({"submit", "hello.sh", "--portal", portal_.address() + "," + second.address()});
  const auto job = accept_submission().job;
  auto connection = second.accept();
  EXPECT_EQ(connection.expect<protocol::Wait>().job, job);
  connection.send(result_of(job));
  EXPECT_EQ(command.finish().out, "hello\n");
}

TEST_F(PatienceTest, AsksTheNextPortalOfTheListForNodesToo) {
  std::string gone;
  {
    const FakePortal first;
    gone = first.address();
  }
  auto command = start({"nodes", "--portal", gone + "," + portal_.address()});
  auto connection = portal_.accept();
  connection.expect<protocol::NodesQuery>();
  connection.send(protocol::Nodes{});
  EXPECT_EQ(command.finish().status, 0);
}

TEST_F(PatienceTest, LeavesAtOnceWithTheJobsIdWhereItIsToDetach) {
  auto command = start({"submit", "hello.sh", "--detach", "--label", "gpu", "--priority", "7"});
  auto connection = portal_.accept();
  const auto submit = connection.expect<protocol::Submit>();
  EXPECT_THAT(submit.labels, testing::ElementsAre("gpu"));
  EXPECT_EQ(submit.priority, 7u);
  connection.send(protocol::Accepted{submit.job, 3, milliseconds(0)});
  const auto outcome = command.finish();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, submit.job + "\n");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(PatienceTest, WaitsForADetachedJob) {
  auto command = start({"wait", kJob});
  auto connection = portal_.accept();
  EXPECT_EQ(connection.expect<protocol::Wait>().job, kJob);
  connection.send(result_of(kJob));
  EXPECT_EQ(command.finish().out, "hello\n");
}

TEST_F(PatienceTest, DoesNotCancelAJobThatItOnlyWaitsFor) {
  auto command = start({"wait", kJob});
  auto connection = portal_.accept();
  connection.expect<protocol::Wait>();
  command.signal(SIGINT);
  const auto outcome = command.finish();
  EXPECT_EQ(outcome.status, 130);
  EXPECT_THAT(outcome.err, HasSubstr("the job goes on"));
  EXPECT_EQ(connection.next(), std::nullopt);
}

TEST_F(PatienceTest, CancelsAJobAndTellsItsState) {
  auto command = start({"cancel", kJob});
  auto connection = portal_.accept();
  EXPECT_EQ(connection.expect<protocol::Cancel>().job, kJob);
  connection.send(result_of(kJob, protocol::Verdict::CANCELLED));
  const auto outcome = command.finish();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.err, HasSubstr("rota: CANCELLED"));
}

TEST_F(PatienceTest, SaysThatACancelledJobHadEndedBefore) {
  auto command = start({"cancel", kJob});
  auto connection = portal_.accept();
  connection.expect<protocol::Cancel>();
  connection.send(result_of(kJob));
  EXPECT_THAT(command.finish().err, HasSubstr("it had ended before: AC"));
}

TEST_F(PatienceTest, CancelsTheJobOnTheFirstCtrlCAndWaitsForItsState) {
  auto command = start({"submit", "hello.sh"});
  auto [connection, job] = accept_submission();
  command.signal(SIGINT);
  EXPECT_EQ(connection.expect<protocol::Cancel>().job, job);
  connection.send(result_of(job, protocol::Verdict::CANCELLED));
  const auto outcome = command.finish();
  EXPECT_EQ(outcome.status, 130);
  EXPECT_THAT(outcome.err, HasSubstr("rota: CANCELLED"));
}

TEST_F(PatienceTest, ShowsAResultThatCameBeforeTheCancelling) {
  auto command = start({"submit", "hello.sh"});
  auto [connection, job] = accept_submission();
  command.signal(SIGINT);
  connection.expect<protocol::Cancel>();
  connection.send(result_of(job));
  const auto outcome = command.finish();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "hello\n");
  EXPECT_THAT(outcome.err, HasSubstr("had ended before"));
}

TEST_F(PatienceTest, LeavesAtOnceOnTheSecondCtrlC) {
  auto command = start({"submit", "hello.sh"});
  auto [connection, job] = accept_submission();
  command.signal(SIGINT);
  connection.expect<protocol::Cancel>();
  command.signal(SIGINT);
  const auto outcome = command.finish();
  EXPECT_EQ(outcome.status, 130);
  EXPECT_THAT(outcome.err, HasSubstr("whether the job is cancelled is not known; rota wait " + job));
}

TEST_F(PatienceTest, LeavesByItselfWhereTheCancellingIsNotAnswered) {
  auto command = start({"submit", "hello.sh"});
  auto [connection, job] = accept_submission();
  command.signal(SIGTERM);
  connection.expect<protocol::Cancel>();
  const auto outcome = command.finish();
  EXPECT_EQ(outcome.status, 128 + SIGTERM);
  EXPECT_THAT(outcome.err, HasSubstr("no answer within 5.0 s"));
}

TEST_F(PatienceTest, SaysThatThePortalIsTheOlderOne) {
  auto command = start({"submit", "hello.sh"});
  auto connection = portal_.accept();
  const auto job = connection.expect<protocol::Submit>().job;
  connection.send(protocol::Error{ErrorCode::unsupported_version, job, "rota", "send \"rota\":1"});
  const auto outcome = command.finish();
  EXPECT_EQ(outcome.status, 75);
  EXPECT_THAT(outcome.err, HasSubstr("upgrade portals first"));
}

TEST_F(PatienceTest, KeepsANodeFromNewJobsAndListsItsState) {
  auto command = start({"nodes", "--drain", "node-2"});
  auto connection = portal_.accept();
  const auto drain = connection.expect<protocol::Drain>();
  EXPECT_EQ(drain.node, "node-2");
  EXPECT_TRUE(drain.on);
  protocol::NodeStatus node;
  node.name = "node-2";
  node.address = "127.0.0.1:4001";
  node.state = protocol::NodeState::draining;
  node.slots = 2;
  node.labels = {"gpu", "room=12"};
  node.memory_bytes = 8ull << 30;
  connection.send(protocol::Nodes{{node}});
  const auto outcome = command.finish();
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  for (const char* cell : {"STATE", "draining", "MEMORY", "8.0 GiB", "LABELS", "gpu, room=12"})
    EXPECT_THAT(outcome.out, HasSubstr(cell));
}

TEST_F(PatienceTest, IsAUsageErrorWhereTheIdIsNone) {
  for (const char* verb : {"wait", "cancel"}) {
    const auto outcome = start({verb, "job-7"}).finish();
    EXPECT_EQ(outcome.status, 64);
    EXPECT_THAT(outcome.err, HasSubstr("'job-7' is not a job id"));
  }
}

}  // namespace
}  // namespace rota::test
