// The session against peers that misbehave as no portal of ours would; against real ones see
// tests/integration/client.
#include "client/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/client/peer.hpp"

namespace rota::client {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class SessionTest : public testing::Test {
 protected:
  // Submits one job and runs the loop until its answer.
  SubmitAnswer answer_of(Session& session, protocol::Submit submit = some_job()) {
    std::optional<SubmitAnswer> answer;
    session.submit(
        std::move(submit), [this](const protocol::Event& event) { events_.push_back(event.name); },
        [&](SubmitAnswer given) {
          answer = std::move(given);
          loop_.stop();
        });
    loop_.run();
    return std::move(answer).value();
  }

  net::Loop loop_;
  std::vector<std::string> events_;
};

TEST_F(SessionTest, GivesEachOfManyJobsItsOwnAnswer) {
  std::vector<std::string> asked;
  Peer peer(loop_, [&](net::PacketStream& stream, const Packet& packet) {
    asked.push_back(std::get<protocol::Submit>(packet).job);
    if (asked.size() < 3) return;
    for (auto job = asked.rbegin(); job != asked.rend(); ++job) send(stream, result_of(*job));
  });
  Session session(loop_, peer.address());
  std::map<std::string, std::string> answered;
  for (int i = 0; i < 3; ++i) {
    auto job = std::make_shared<std::string>();
    *job = session.submit(some_job(), nullptr, [&, job](const SubmitAnswer& answer) {
      answered[*job] = std::get<protocol::Result>(answer).job;
      if (answered.size() == 3) loop_.stop();
    });
  }
  loop_.run();
  ASSERT_EQ(answered.size(), 3u);
  for (const auto& [job, answer] : answered) EXPECT_EQ(job, answer);
}

TEST_F(SessionTest, DeliversLiveEventsBeforeTheResult) {
  Peer peer(loop_, [](net::PacketStream& stream, const Packet& packet) {
    const auto job = std::get<protocol::Submit>(packet).job;
    send(stream, protocol::LiveEvent{{UtcTime{}, Nanoseconds(0), "n", job, "queued", {}}});
    send(stream, protocol::LiveEvent{{UtcTime{}, Nanoseconds(1), "n", job, "run.started", {}}});
    send(stream, result_of(job));
  });
  Session session(loop_, peer.address());
  auto submit = some_job();
  submit.live_events = true;
  EXPECT_TRUE(std::holds_alternative<protocol::Result>(answer_of(session, submit)));
  EXPECT_THAT(events_, testing::ElementsAre("queued", "run.started"));
}

TEST_F(SessionTest, GivesAnErrorPacketToTheJobItNames) {
  Peer peer(loop_, [](net::PacketStream& stream, const Packet& packet) {
    send(stream,
         protocol::Error{protocol::ErrorCode::no_node, std::get<protocol::Submit>(packet).job, "", "none"});
  });
  Session session(loop_, peer.address());
  const auto answer = answer_of(session);
  EXPECT_EQ(std::get<protocol::Error>(answer).code, protocol::ErrorCode::no_node);
}

TEST_F(SessionTest, GivesAnErrorPacketThatNamesNoJobToAllThatWait) {
  Peer peer(loop_, [](net::PacketStream& stream, const Packet&) {
    send(stream, protocol::Error{protocol::ErrorCode::busy, "", "", "full"});
  });
  Session session(loop_, peer.address());
  EXPECT_EQ(std::get<protocol::Error>(answer_of(session)).code, protocol::ErrorCode::busy);
}

TEST_F(SessionTest, FailsEachJobOnceWhereTheConnectionIsLost) {
  Peer peer(loop_, [](net::PacketStream& stream, const Packet&) { stream.close_after_sending(); });
  Session session(loop_, peer.address());
  const auto answer = answer_of(session);
  EXPECT_TRUE(std::get<Failure>(answer).connected);
  EXPECT_THAT(std::get<Failure>(answer).message, HasSubstr("is lost"));
}

TEST_F(SessionTest, FailsAtOnceWhereNobodyListens) {
  net::Address nobody;
  {
    Peer peer(loop_, nullptr);
    nobody = peer.address();
  }
  Session session(loop_, nobody);
  const auto answer = answer_of(session);
  EXPECT_FALSE(std::get<Failure>(answer).connected);
  EXPECT_THAT(std::get<Failure>(answer).message, HasSubstr("cannot connect to 127.0.0.1:"));
}

TEST_F(SessionTest, FailsALaterJobAsWellWhereTheConnectionHasFailed) {
  Peer peer(loop_, [](net::PacketStream& stream, const Packet&) { stream.close_after_sending(); });
  Session session(loop_, peer.address());
  answer_of(session);
  EXPECT_TRUE(std::holds_alternative<Failure>(answer_of(session)));
}

TEST_F(SessionTest, GivesAPeerUpThatHasFallenSilent) {
  Peer peer(loop_, [](net::PacketStream&, const Packet&) {});
  Session session(loop_, peer.address(),
                  {.ping_period = milliseconds(20), .silence_bound = milliseconds(100)});
  EXPECT_THAT(std::get<Failure>(answer_of(session)).message, HasSubstr("has not been heard of"));
}

TEST_F(SessionTest, WaitsForAPeerThatAnswersPings) {
  int pings = 0;
  std::string job;
  Peer peer(loop_, [&](net::PacketStream& stream, const Packet& packet) {
    if (const auto* submit = std::get_if<protocol::Submit>(&packet)) job = submit->job;
    const auto* ping = std::get_if<protocol::Ping>(&packet);
    if (ping == nullptr) return;
    send(stream, protocol::Pong{ping->number});
    if (++pings == 20) send(stream, result_of(job));
  });
  // Twenty pings take 400 ms: longer than the bound, which no single silence reaches.
  Session session(loop_, peer.address(),
                  {.ping_period = milliseconds(20), .silence_bound = milliseconds(300)});
  EXPECT_TRUE(std::holds_alternative<protocol::Result>(answer_of(session)));
}

TEST_F(SessionTest, AnswersThePeersPings) {
  Peer peer(loop_, [](net::PacketStream& stream, const Packet& packet) {
    if (std::holds_alternative<protocol::Submit>(packet)) return send(stream, protocol::Ping{7});
    send(stream, protocol::Error{protocol::ErrorCode::internal, "", "",
                                 "pong " + std::to_string(std::get<protocol::Pong>(packet).number)});
  });
  Session session(loop_, peer.address());
  EXPECT_EQ(std::get<protocol::Error>(answer_of(session)).message, "pong 7");
}

TEST_F(SessionTest, FailsWhereThePeerSpeaksAnotherLanguage) {
  Peer peer(loop_,
            [](net::PacketStream& stream, const Packet&) { stream.send("HTTP/1.1 400 Bad Request\x04"); });
  Session session(loop_, peer.address());
  EXPECT_THAT(std::get<Failure>(answer_of(session)).message, HasSubstr("does not understand"));
}

TEST_F(SessionTest, MayBeDestroyedByItsOwnAnswer) {
  Peer peer(loop_, [](net::PacketStream& stream, const Packet& packet) {
    send(stream, result_of(std::get<protocol::Submit>(packet).job));
  });
  auto session = std::make_unique<Session>(loop_, peer.address());
  session->submit(some_job(), nullptr, [&](const SubmitAnswer&) {
    session.reset();
    loop_.stop();
  });
  loop_.run();
  EXPECT_EQ(session, nullptr);
}

TEST_F(SessionTest, StreamsLogLinesAndTheirEnd) {
  Peer peer(loop_, [](net::PacketStream& stream, const Packet& packet) {
    const auto& query = std::get<protocol::LogsQuery>(packet).query;
    send(stream, protocol::LogLine{query, {UtcTime{}, Nanoseconds(0), "n", "", "started", {}}});
    send(stream, protocol::LogsEnd{query, {"node-2"}});
  });
  Session session(loop_, peer.address());
  std::optional<LogsAnswer> answer;
  session.logs(
      {}, [this](const protocol::Event& event) { events_.push_back(event.name); },
      [&](LogsAnswer given) {
        answer = std::move(given);
        loop_.stop();
      });
  loop_.run();
  EXPECT_THAT(events_, testing::ElementsAre("started"));
  EXPECT_THAT(std::get<protocol::LogsEnd>(answer.value()).unreachable, testing::ElementsAre("node-2"));
}

TEST_F(SessionTest, TellsThatAJobIsAcceptedBeforeItsAnswer) {
  Peer peer(loop_, [](net::PacketStream& stream, const Packet& packet) {
    const auto& submit = std::get<protocol::Submit>(packet);
    send(stream, protocol::Accepted{submit.job, submit.acknowledge ? 12u : 0u, milliseconds(3400)});
    send(stream, result_of(submit.job));
  });
  Session session(loop_, peer.address());
  auto submit = some_job();
  submit.acknowledge = true;
  std::string order;
  session.submit(
      submit, nullptr,
      [&](const SubmitAnswer&) {
        order += "answer";
        loop_.stop();
      },
      [&](const protocol::Accepted& accepted) { order += std::to_string(accepted.ahead) + " ahead, "; });
  loop_.run();
  EXPECT_EQ(order, "12 ahead, answer");
}

TEST_F(SessionTest, WaitsForAJobThatWasSubmittedElsewhere) {
  Peer peer(loop_, [](net::PacketStream& stream, const Packet& packet) {
    const auto& wait = std::get<protocol::Wait>(packet);
    if (wait.live_events)
      send(stream, protocol::LiveEvent{{UtcTime{}, Nanoseconds(0), "n", wait.job, "queued", {}}});
    send(stream, result_of(wait.job));
  });
  Session session(loop_, peer.address());
  std::optional<SubmitAnswer> answer;
  session.wait(
      {"01938c6e-5a00-7abc-8def-0123456789ab", true},
      [this](const protocol::Event& event) { events_.push_back(event.name); },
      [&](SubmitAnswer given) {
        answer = std::move(given);
        loop_.stop();
      });
  loop_.run();
  EXPECT_TRUE(std::holds_alternative<protocol::Result>(answer.value()));
  EXPECT_THAT(events_, testing::ElementsAre("queued"));
}

TEST_F(SessionTest, AnswersACancelledJobOnceWhoeverAwaitsIt) {
  Peer peer(loop_, [](net::PacketStream& stream, const Packet& packet) {
    if (const auto* cancel = std::get_if<protocol::Cancel>(&packet)) {
      send(stream, result_of(cancel->job));
      send(stream, result_of(cancel->job));
    }
  });
  Session session(loop_, peer.address());
  int answers = 0;
  const auto job = session.submit(some_job(), nullptr, [&](const SubmitAnswer&) {
    ++answers;
    session.nodes([this](const NodesAnswer&) { loop_.stop(); });
  });
  session.cancel({.job = job}, [&](const SubmitAnswer&) { ++answers; });
  net::Timer end(loop_);
  end.once(milliseconds(100), [this] { loop_.stop(); });
  loop_.run();
  EXPECT_EQ(answers, 1);
}

TEST_F(SessionTest, AsksForANodesDraining) {
  Peer peer(loop_, [](net::PacketStream& stream, const Packet& packet) {
    const auto& drain = std::get<protocol::Drain>(packet);
    protocol::NodeStatus node;
    node.name = drain.node;
    node.address = "127.0.0.1:1";
    node.state = drain.on ? protocol::NodeState::draining : protocol::NodeState::up;
    send(stream, protocol::Nodes{{node}});
  });
  Session session(loop_, peer.address());
  std::optional<NodesAnswer> answer;
  session.drain({"node-2", true}, [&](NodesAnswer given) {
    answer = std::move(given);
    loop_.stop();
  });
  loop_.run();
  EXPECT_EQ(std::get<protocol::Nodes>(answer.value()).nodes.at(0).state, protocol::NodeState::draining);
}

}  // namespace
}  // namespace rota::client
