// Peers that send nonsense, too much, too slowly, or that do not read: they cost nobody else anything.

#include <gmock/gmock.h>

#include "protocol/conversion.hpp"
#include "tests/integration/cluster/cluster.hpp"

namespace rota::test {
namespace {

using namespace std::chrono_literals;
using protocol::ErrorCode;

class HostilePeerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { cluster = std::make_unique<Cluster>(1); }
  static void TearDownTestSuite() {
    EXPECT_TRUE(cluster->stop());
    cluster.reset();
  }
  void TearDown() override {
    auto client = cluster->connect();
    EXPECT_EQ(client.submit(job("a.sh", "echo fine")).stdout_bytes, "fine\n");
  }
  static inline std::unique_ptr<Cluster> cluster;
};

TEST_F(HostilePeerTest, ABadPacketIsAnsweredByItsErrorAndTheConnectionLivesOn) {
  auto client = cluster->connect();
  const std::vector<std::pair<std::string, ErrorCode>> packets{
      {"nonsense", ErrorCode::not_json},
      {"", ErrorCode::not_json},
      {"{\"rota\":1,\"type\":\"submit\",\"file_name\":\"\xff\",\"source\":\"\"}", ErrorCode::not_json},
      {std::string(1000, '['), ErrorCode::nested_too_deep},
      {R"({"rota":9,"type":"ping"})", ErrorCode::unsupported_version},
      {R"({"rota":1,"type":"dance"})", ErrorCode::unknown_type},
      {R"({"rota":1,"type":"submit","source":"x"})", ErrorCode::missing_field},
      {R"({"rota":1,"type":"submit","file_name":"a.c","source":"x","surprise":1})", ErrorCode::unknown_field},
      {R"({"rota":1,"type":"submit","file_name":7,"source":"x"})", ErrorCode::wrong_type},
      {R"({"rota":1,"type":"submit","file_name":"a.c","source":"x","schedule":"best"})",
       ErrorCode::unknown_value},
      {R"({"rota":1,"type":"submit","file_name":"a.c","source":"x","limits":{"cpu_time_ms":-1}})",
       ErrorCode::out_of_range},
      {R"({"rota":1,"type":"submit","file_name":"a.c","source_base64":"?"})", ErrorCode::bad_text},
      {R"({"rota":1,"type":"submit","file_name":"../a.c","source":"x"})", ErrorCode::bad_file_name},
      {protocol::to_json(protocol::Result{.job = "00000000-0000-7000-8000-000000000000"}),
       ErrorCode::unexpected_packet}};
  for (const auto& [packet, code] : packets) {
    client.send_bytes(packet + '\x04');
    EXPECT_EQ(client.expect<protocol::Error>().code, code) << packet.substr(0, 80);
  }
  EXPECT_EQ(client.submit(job("a.sh", "echo alive")).stdout_bytes, "alive\n");
}

TEST_F(HostilePeerTest, APacketOverTheBoundIsAnsweredAndTheConnectionClosed) {
  auto client = cluster->connect();
  client.send_bytes(std::string(protocol::kMaxPacketBytes + 1, ' '));
  EXPECT_EQ(client.expect<protocol::Error>().code, ErrorCode::packet_too_large);
  EXPECT_EQ(client.next(), std::nullopt);
}

TEST_F(HostilePeerTest, APeerThatSendsOneByteAtATimeIsServed) {
  auto client = cluster->connect();
  for (char byte : protocol::to_wire(job("a.sh", "echo slowly"))) client.send_bytes(std::string(1, byte));
  EXPECT_EQ(client.expect<protocol::Result>().stdout_bytes, "slowly\n");
}

TEST_F(HostilePeerTest, AClientThatStopsInTheMiddleOfAPacketDelaysNobody) {
  auto stuck = cluster->connect();
  stuck.send_bytes("{\"rota\":1,\"type\":\"submit\",");
  auto other = cluster->connect();
  EXPECT_EQ(other.submit(job("a.sh", "echo quick")).stdout_bytes, "quick\n");
}

TEST_F(HostilePeerTest, AClientThatDoesNotReadItsAnswersDelaysNobody) {
  auto silent = cluster->connect();
  // Together more than the kernel keeps of a connection that is not read (tcp_wmem, tcp(7)).
  auto flood = job("a.sh", "head -c 1000000 /dev/zero | tr '\\0' x");
  for (int i = 0; i < 16; ++i) silent.send(flood);
  auto other = cluster->connect();
  EXPECT_EQ(other.submit(job("a.sh", "echo quick")).stdout_bytes, "quick\n");
}

TEST_F(HostilePeerTest, AClientThatHasFinishedSendingStillGetsItsAnswer) {
  auto client = cluster->connect();
  client.send(job("a.sh", "echo half closed"));
  client.finish_sending();
  EXPECT_EQ(client.expect<protocol::Result>().stdout_bytes, "half closed\n");
  EXPECT_EQ(client.next(), std::nullopt);
}

TEST_F(HostilePeerTest, AClientThatVanishesCostsNobodyItsAnswer) {
  {
    auto client = cluster->connect();
    client.send(job("a.sh", "echo for nobody"));
    client.reset_connection();
  }
  auto other = cluster->connect();
  EXPECT_EQ(other.submit(job("a.sh", "echo mine")).stdout_bytes, "mine\n");
}

// A cluster of its own, since it is ended while a thousand jobs wait in it.
TEST(HostilePeer, TheJobsOfOneConnectionPastItsFillAreRefusedByName) {
  constexpr int kMaxUnanswered = 1024, kRefused = 76;
  Cluster cluster(1);
  auto client = cluster.connect();
  auto sleeper = job("a.sh", "sleep 100");  // none of them is answered while they are being sent
  sleeper.limits.wall_time = 120s;
  for (int i = 0; i < kMaxUnanswered + kRefused; ++i) client.send(sleeper);
  client.send(protocol::Ping{1});
  for (int i = 0; i < kRefused; ++i)
    ASSERT_EQ(client.expect<protocol::Error>().code, ErrorCode::too_many_jobs) << i;
  EXPECT_EQ(client.expect<protocol::Pong>().number, 1u) << "no other was refused";
  client.reset_connection();
  EXPECT_TRUE(cluster.stop());
}

}  // namespace
}  // namespace rota::test
