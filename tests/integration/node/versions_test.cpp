// A node between peers of both versions of the protocol.
#include <gmock/gmock.h>
#include <unistd.h>

#include "protocol/job_id.hpp"
#include "tests/integration/node/node_fixture.hpp"
#include "tests/integration/node/portal_peer.hpp"

namespace rota::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;

class Versions : public NodeTest {
 protected:
  static auto is_of_version_1() {
    return AllOf(StartsWith(R"({"rota":1,)"), Not(HasSubstr("\"sequence\"")), Not(HasSubstr("\"attempt\"")),
                 Not(HasSubstr("\"accepts\"")), Not(HasSubstr("\"session\"")), Not(HasSubstr("\"labels\"")),
                 Not(HasSubstr("\"memory_bytes\":0")), Not(HasSubstr("\"draining\"")));
  }
};

TEST_F(Versions, APeerOfVersion1SeesNothingNewer) {
  start_node({"--label", "gpu"});
  PacketClient client = connect();
  client.send_bytes(
      "{\"rota\":1,\"type\":\"hello\",\"min_version\":1,\"max_version\":1,\"name\":\"portal\"}\004"
      "{\"rota\":1,\"type\":\"ping\",\"number\":7}\004"
      "{\"rota\":1,\"type\":\"submit\",\"file_name\":\"x.sh\",\"source\":\"echo\"}\004"
      "{\"rota\":1,\"type\":\"submit\",\"file_name\":\"x.sh\",\"source\":\"echo\",\"live_events\":true}\004"
      "{\"rota\":1,\"type\":\"logs_query\",\"query\":\"q\"}\004"
      "{\"rota\":1,\"type\":\"logs_query\",\"query\":7}\004");
  int results = 0;
  for (bool ended = false; results < 2 || !ended;) {
    const auto packet = client.next_json().value();
    EXPECT_THAT(packet, is_of_version_1());
    if (packet.find("\"type\":\"result\"") != std::string::npos) ++results;
    if (packet.find("\"type\":\"logs_end\"") != std::string::npos) ended = true;
  }
}

TEST_F(Versions, EachPacketIsAnsweredInItsOwn) {
  start_node();
  PacketClient client = connect();
  for (const std::string version : {"2", "1", "2"}) {
    client.send_bytes("{\"rota\":" + version + ",\"type\":\"ping\"}\004");
    EXPECT_THAT(client.next_json().value(), StartsWith("{\"rota\":" + version + ","));
    client.send_bytes("{\"rota\":" + version + ",\"type\":\"ping\",\"colour\":1}\004");
    EXPECT_THAT(client.next_json().value(), StartsWith("{\"rota\":" + version + ",\"type\":\"error\""));
  }
}

TEST_F(Versions, AHelloIsAnsweredInTheHighestThatBothSpeak) {
  start_node();
  PacketClient client = connect();
  client.send_bytes("{\"rota\":1,\"type\":\"hello\",\"min_version\":1,\"max_version\":9}\004");
  EXPECT_THAT(client.next_json().value(), StartsWith("{\"rota\":2,"));
}

TEST_F(Versions, AHelloTellsWhatPortalsChooseBy) {
  start_node({"--label", "gpu", "--label", "room=12"});
  const auto hello = PortalPeer(connect()).greet();
  EXPECT_THAT(hello.accepts, IsSupersetOf({"c++", ".cpp", "bash", ".sh", "python 3", ".py", "c", ".c"}));
  EXPECT_THAT(hello.labels, ElementsAre("gpu", "room=12"));
  EXPECT_TRUE(protocol::is_job_id(hello.session));
  EXPECT_EQ(hello.session, PortalPeer(connect()).greet().session);
  EXPECT_EQ(hello.memory_bytes, static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                                    static_cast<std::uint64_t>(::getpagesize()));
  EXPECT_FALSE(hello.draining);
}

TEST_F(Versions, EachLifeOfTheProcessHasASessionOfItsOwn) {
  start_node();
  const auto session = PortalPeer(connect()).greet().session;
  node->stop();
  start_node();
  EXPECT_NE(PortalPeer(connect()).greet().session, session);
}

TEST_F(Versions, ACancelOfAJobOfOnesOwnEndsItWithoutAnAnswer) {
  start_node_with_slots(1);
  PacketClient client = connect();
  const std::string id = start_sleeping_job(client);
  client.send(protocol::Cancel{id, 0});
  expect_that_the_node_is_fine();  // on the only slot
  client.send(protocol::Ping{1});
  client.expect<protocol::Pong>();
}

}  // namespace
}  // namespace rota::test
