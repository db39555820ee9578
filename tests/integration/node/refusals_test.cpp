// What the node does not take, and how it says so; the connection lives on.
#include <gmock/gmock.h>

#include "protocol/job_id.hpp"
#include "tests/integration/node/node_fixture.hpp"

namespace rota::test {
namespace {

using protocol::ErrorCode;
using testing::AllOf;
using testing::HasSubstr;

class Refusals : public NodeTest {
 protected:
  void SetUp() override { start_node(); }

  // The error that one packet gets, on a connection that answers a ping afterwards.
  protocol::Error refusal(const protocol::Packet& packet) {
    PacketClient client = connect();
    client.send(packet);
    return error_and_pong(client);
  }

  protocol::Error refusal_of_bytes(const std::string& packet) {
    PacketClient client = connect();
    client.send_bytes(packet + protocol::kEot);
    return error_and_pong(client);
  }

 private:
  static protocol::Error error_and_pong(PacketClient& client) {
    auto error = client.expect<protocol::Error>();
    client.send(protocol::Ping{42});
    EXPECT_EQ(client.expect<protocol::Pong>().number, 42u);
    return error;
  }
};

TEST_F(Refusals, AnUnknownLanguageIsAnsweredWithTheKnownOnes) {
  auto program = job("a.c", "");
  program.language = "klingon";
  program.job = protocol::make_job_id(now().utc);
  const auto error = refusal(program);
  EXPECT_EQ(error.code, ErrorCode::unknown_value);
  EXPECT_EQ(error.where, "language");
  EXPECT_EQ(error.job, program.job);
  EXPECT_THAT(error.message, AllOf(HasSubstr("C++"), HasSubstr("Python 3")));
  EXPECT_EQ(refusal(job("a.unknown", "")).where, "file_name");
}

TEST_F(Refusals, LimitsOverTheMaximumAreNamed) {
  auto program = job("a.c", "int main(void) {}");
  program.limits.memory_bytes = 3ull << 30;
  const auto error = refusal(program);
  EXPECT_EQ(error.code, ErrorCode::out_of_range);
  EXPECT_EQ(error.where, "limits.memory_bytes");
  EXPECT_THAT(error.message, HasSubstr("at most 2147483648"));
}

TEST_F(Refusals, FileNamesThatLeadElsewhere) {
  for (const char* name : {"../a.c", "/etc/a.c", "-o.c", ".", "..", "a\\\\b.c", ""}) {
    const auto error = refusal_of_bytes(R"({"rota":1,"type":"submit","source":"","file_name":")" +
                                        std::string(name) + "\"}");
    EXPECT_EQ(error.code, ErrorCode::bad_file_name) << name;
  }
}

TEST_F(Refusals, ASourceNamedAsWhatTheCompilerMakes) {
  auto program = job("program", "int main(void) {}");
  program.language = "C";
  EXPECT_EQ(refusal(program).code, ErrorCode::bad_file_name);
}

TEST_F(Refusals, PacketsThatAreNotForANode) {
  EXPECT_EQ(refusal(protocol::NodesQuery{}).code, ErrorCode::unexpected_packet);
  EXPECT_EQ(refusal(protocol::LogsEnd{.query = "q", .unreachable = {}}).code, ErrorCode::unexpected_packet);
}

TEST_F(Refusals, NameTheJobOrQueryThatTheyAreAbout) {
  EXPECT_EQ(refusal(protocol::LogsEnd{.query = "q", .unreachable = {}}).job, "q");
  EXPECT_EQ(refusal_of_bytes(R"({"rota":1,"type":"submit","job":"j","file_name":"a.c"})").job, "j");
  EXPECT_EQ(refusal_of_bytes(R"({"rota":1,"type":"logs_query","query":"q","more":1})").job, "q");
  EXPECT_EQ(refusal(protocol::NodesQuery{}).job, "");
}

TEST_F(Refusals, WhatIsNoPacket) {
  EXPECT_EQ(refusal_of_bytes("nonsense").code, ErrorCode::not_json);
  EXPECT_EQ(refusal_of_bytes(R"({"rota":1,"type":"submit"})").code, ErrorCode::missing_field);
  EXPECT_EQ(refusal_of_bytes(R"({"rota":9,"type":"ping"})").code, ErrorCode::unsupported_version);
  EXPECT_EQ(logged("protocol.error").size(), 3u);
}

TEST_F(Refusals, AreLoggedOnceForEachConnection) {
  PacketClient client = connect();
  for (int i = 0; i < 3; ++i) client.send_bytes(std::string("nonsense") + protocol::kEot);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.expect<protocol::Error>().code, ErrorCode::not_json);
  EXPECT_EQ(logged("protocol.error").size(), 1u);
}

TEST_F(Refusals, AHelloWithoutACommonVersion) {
  protocol::Hello hello;
  hello.min_version = protocol::kVersion + 1;
  hello.max_version = protocol::kVersion + 2;
  EXPECT_EQ(refusal(hello).code, ErrorCode::unsupported_version);
}

TEST_F(Refusals, AJobThatIsInProgressAlready) {
  PacketClient client = connect();
  auto sleeping = sleeping_job();
  sleeping.job = protocol::make_job_id(now().utc);
  client.send(sleeping);
  wait_for_event(client, "run.started");
  EXPECT_EQ(refusal(sleeping).code, ErrorCode::duplicate_job);
}

TEST_F(Refusals, APacketPastTheBoundEndsTheConnection) {
  PacketClient client = connect();
  const std::string part(1 << 20, ' ');
  for (int i = 0; i < 64; ++i) client.send_bytes(part);
  client.send_bytes("  ");
  EXPECT_EQ(client.expect<protocol::Error>().code, ErrorCode::packet_too_large);
  EXPECT_EQ(client.next(), std::nullopt);
  expect_that_the_node_is_fine();
}

TEST_F(Refusals, JobsBeyondTheQueueAreToldToComeLater) {
  ASSERT_EQ(node->stop(), 0);
  start_node_with_slots(1, {"--max-queued", "1"});
  PacketClient client = connect();
  client.send(sleeping_job());
  wait_for_event(client, "run.started");
  client.send(job("queued.sh", "echo"));
  client.send(job("refused.sh", "echo"));
  const auto error = client.expect<protocol::Error>();
  EXPECT_EQ(error.code, ErrorCode::busy);
}

TEST_F(Refusals, BytesBeyondTheBoundAreToldToComeLater) {
  ASSERT_EQ(node->stop(), 0);
  start_node({"--max-queued-bytes", "1000"});
  EXPECT_EQ(refusal(job("large.sh", std::string(1001, '#'))).code, ErrorCode::busy);
  expect_that_the_node_is_fine();
}

}  // namespace
}  // namespace rota::test
