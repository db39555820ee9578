// A job and the portals that it meets, in one loop; the rules of pauses and bounds are patience_test.cpp's.
#include "client/patient_job.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/client/peer.hpp"

namespace rota::client {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kJob = "01938c6e-5a00-7abc-8def-0123456789ab";

void accept(net::PacketStream& stream, const std::string& job) {
  send(stream, protocol::Accepted{job, 0, milliseconds(0)});
}

// Packets that a peer of ours has got, as "submit", "wait" and "cancel".
std::string name_of(const Packet& packet) {
  if (const auto* submit = std::get_if<protocol::Submit>(&packet))
    return submit->stdin_bytes.empty() ? "submit" : "submit with stdin";
  if (std::holds_alternative<protocol::Wait>(packet)) return "wait";
  return std::holds_alternative<protocol::Cancel>(packet) ? "cancel" : "other";
}

class PatientJobTest : public testing::Test {
 protected:
  using Step = std::function<void(net::PacketStream& stream, const std::string& job)>;

  // A portal that does one step for each request that it gets, and notes them all.
  std::unique_ptr<Peer> portal(std::vector<Step> steps) {
    return std::make_unique<Peer>(loop_, [this, steps = std::move(steps), next = std::size_t{0}](
                                             net::PacketStream& stream, const Packet& packet) mutable {
      const auto name = name_of(packet);
      if (name == "other") return;  // a ping
      requests_.push_back(name);
      const auto job = protocol::job_of_bad_packet(protocol::to_json(packet));
      jobs_.insert(job);
      steps.at(next++)(stream, job);
    });
  }

  void start(std::vector<net::Address> portals, PatientJob::Request request = some_job(),
             PatientJobOptions options = {}) {
    options.random = [] { return 0.0; };
    job_ = std::make_unique<PatientJob>(
        loop_, std::move(portals), std::move(options), std::move(request),
        PatientJobEvents{.on_accepted = [this](const protocol::Accepted&) { ++accepted_; },
                         .on_event = nullptr,
                         .on_delay = [this](const Delay& delay) { delays_.push_back(delay.reason); },
                         .on_answer =
                             [this](SubmitAnswer answer) {
                               answer_ = std::move(answer);
                               loop_.stop();
                             }});
  }

  SubmitAnswer answer() {
    loop_.run();
    return std::move(answer_).value();
  }

  const Step closes_ = [](net::PacketStream& stream, const std::string&) { stream.close_after_sending(); };
  const Step answers_ = [](net::PacketStream& stream, const std::string& job) {
    send(stream, result_of(job));
  };
  const Step accepts_and_closes_ = [](net::PacketStream& stream, const std::string& job) {
    accept(stream, job);
    stream.close_after_sending();
  };

  static Step refuses(protocol::ErrorCode code, milliseconds retry_after = milliseconds(0)) {
    return [=](net::PacketStream& stream, const std::string& job) {
      send(stream, protocol::Error{code, job, "", "as the test says", retry_after});
    };
  }

  net::Loop loop_;
  std::vector<std::string> requests_, delays_;
  std::set<std::string> jobs_;
  int accepted_ = 0;
  std::optional<SubmitAnswer> answer_;
  std::unique_ptr<PatientJob> job_;
};

TEST_F(PatientJobTest, IsSubmittedAgainUnderItsIdWhereItWasNotAccepted) {
  const auto peer = portal({closes_, closes_, answers_});
  start({peer->address()});
  EXPECT_TRUE(std::holds_alternative<protocol::Result>(answer()));
  EXPECT_THAT(requests_, ElementsAre("submit", "submit", "submit"));
  EXPECT_THAT(jobs_, ElementsAre(job_->job()));
}

TEST_F(PatientJobTest, IsWaitedForWhereItWasAccepted) {
  const auto peer = portal({accepts_and_closes_, closes_, answers_});
  start({peer->address()});
  EXPECT_TRUE(std::holds_alternative<protocol::Result>(answer()));
  EXPECT_THAT(requests_, ElementsAre("submit", "wait", "wait"));
  EXPECT_THAT(jobs_, ElementsAre(job_->job()));
  EXPECT_EQ(accepted_, 1);
}

TEST_F(PatientJobTest, SendsItsStdinWhereTheHashIsNotEnough) {
  const auto peer = portal({refuses(protocol::ErrorCode::unknown_blob), answers_});
  auto submit = some_job();
  submit.stdin_bytes = "long";
  submit.stdin_blob = std::string(64, '0');
  start({peer->address()}, submit);
  EXPECT_TRUE(std::holds_alternative<protocol::Result>(answer()));
  EXPECT_THAT(requests_, ElementsAre("submit", "submit with stdin"));
  EXPECT_THAT(delays_, ElementsAre());
}

TEST_F(PatientJobTest, TellsThatAStdinIsNotKnownWhichItDoesNotHaveEither) {
  const auto peer = portal({refuses(protocol::ErrorCode::unknown_blob)});
  auto submit = some_job();
  submit.stdin_blob = std::string(64, '0');
  start({peer->address()}, submit);
  EXPECT_TRUE(std::holds_alternative<protocol::Error>(answer()));
}

TEST_F(PatientJobTest, IsTakenToTheNextPortalWhereOneIsLost) {
  const auto first = portal({accepts_and_closes_});
  const auto second = portal({answers_});
  start({first->address(), second->address()});
  EXPECT_TRUE(std::holds_alternative<protocol::Result>(answer()));
  EXPECT_THAT(requests_, ElementsAre("submit", "wait"));
  EXPECT_THAT(delays_, ElementsAre());
}

TEST_F(PatientJobTest, IsSubmittedAgainToAPortalThatWasFull) {
  const auto peer =
      portal({refuses(protocol::ErrorCode::busy, milliseconds(20)), accepts_and_closes_, answers_});
  start({peer->address()});
  EXPECT_TRUE(std::holds_alternative<protocol::Result>(answer()));
  EXPECT_THAT(requests_, ElementsAre("submit", "submit", "wait"));
  EXPECT_THAT(delays_, ElementsAre("the portal is full"));
}

TEST_F(PatientJobTest, EndsWithWhatAFullPortalSaysWhereItsPatienceEnds) {
  const auto peer = portal({refuses(protocol::ErrorCode::busy)});
  start({peer->address()}, some_job(), {.patience = milliseconds(0)});
  EXPECT_EQ(std::get<protocol::Error>(answer()).code, protocol::ErrorCode::busy);
}

TEST_F(PatientJobTest, EndsWithTheFailureWhereItsPatienceEnds) {
  const auto peer = portal({accepts_and_closes_});
  start({peer->address()}, some_job(), {.patience = milliseconds(0)});
  EXPECT_THAT(std::get<Failure>(answer()).message, HasSubstr("is lost"));
  EXPECT_TRUE(job_->was_accepted());
}

TEST_F(PatientJobTest, EndsWithAnyOtherError) {
  const auto peer = portal({accepts_and_closes_, refuses(protocol::ErrorCode::unknown_job)});
  start({peer->address()});
  EXPECT_EQ(std::get<protocol::Error>(answer()).code, protocol::ErrorCode::unknown_job);
  EXPECT_TRUE(job_->was_accepted());
}

TEST_F(PatientJobTest, OfSomebodyElseIsOnlyWaitedFor) {
  const auto peer = portal({closes_, answers_});
  start({peer->address()}, protocol::Wait{kJob, false});
  EXPECT_TRUE(std::holds_alternative<protocol::Result>(answer()));
  EXPECT_THAT(requests_, ElementsAre("wait", "wait"));
  EXPECT_THAT(jobs_, ElementsAre(kJob));
}

TEST_F(PatientJobTest, IsCancelledOnTheConnectionThatStands) {
  const auto peer = portal({[this](net::PacketStream& stream, const std::string& job) {
                              accept(stream, job);
                              job_->cancel();
                            },
                            answers_});
  start({peer->address()});
  EXPECT_TRUE(std::holds_alternative<protocol::Result>(answer()));
  EXPECT_THAT(requests_, ElementsAre("submit", "cancel"));
}

TEST_F(PatientJobTest, IsCancelledOnTheNextConnectionAsWell) {
  const auto peer = portal({[this](net::PacketStream& stream, const std::string& job) {
                              accept(stream, job);
                              job_->cancel();
                            },
                            closes_, answers_});
  start({peer->address()});
  EXPECT_TRUE(std::holds_alternative<protocol::Result>(answer()));
  EXPECT_THAT(requests_, ElementsAre("submit", "cancel", "cancel"));
}

TEST_F(PatientJobTest, KnowsWhetherAPortalMayHaveIt) {
  const auto gone = portal({})->address();
  start({gone}, some_job(), {.patience = milliseconds(0)});
  EXPECT_FALSE(std::get<Failure>(answer()).connected);
  EXPECT_FALSE(job_->was_sent());
  const auto peer = portal({closes_});
  start({peer->address()}, some_job(), {.patience = milliseconds(0)});
  answer();
  EXPECT_TRUE(job_->was_sent());
}

}  // namespace
}  // namespace rota::client
