// A node that connects to its portals by itself; the portals are made here.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <csignal>

#include "base/check.hpp"
#include "tests/integration/node/node_fixture.hpp"
#include "tests/integration/node/portal_peer.hpp"
#include "tests/support/held_port.hpp"

namespace rota::test {
namespace {

using std::chrono::seconds;
using testing::IsEmpty;

// Listens on a free port of loopback.
class PortalPort {
 public:
  PortalPort() : socket_(check(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    check(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), size), "bind");
    check(::listen(socket_.get(), 16), "listen");
    check(::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
    port_ = ntohs(address.sin_port);
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  // The next node that connects, after its introduction.
  PortalPeer accept(const std::string& name = "node-1", seconds timeout = seconds(30)) const {
    pollfd entry{socket_.get(), POLLIN, 0};
    const auto wait = static_cast<int>(std::chrono::milliseconds(timeout).count());
    if (check(::poll(&entry, 1, wait), "poll") == 0) throw std::runtime_error("no node joins");
    PortalPeer peer(
        PacketClient(UniqueFd(check(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC), "accept"))));
    EXPECT_EQ(peer.link.expect<protocol::Join>().name, name);
    return peer;
  }

 private:
  UniqueFd socket_;
  int port_ = 0;
};

class Join : public NodeTest {
 protected:
  PortalPort portal;
};

TEST_F(Join, APortalIsServedAsIfItHadConnected) {
  start_node({"--join", portal.address()});
  PortalPeer peer = portal.accept();
  EXPECT_THAT(peer.lease(), IsEmpty());
  auto submission = example("hello.sh");
  submission.job = "01938c6e-5a00-7abc-8def-0123456789ab";
  peer.link.send(submission);
  EXPECT_EQ(peer.link.expect<protocol::Result>().verdict, protocol::Verdict::AC);
  expect_that_the_node_is_fine();  // which listens as well
}

TEST_F(Join, APortalThatIsLostIsJoinedAgainAndGetsWhatWasHeld) {
  start_node({"--join", portal.address()});
  auto submission = job("late.sh", "sleep 0.5; echo late");
  submission.job = "01938c6e-5a00-7abc-8def-0123456789ab";
  submission.live_events = true;
  {
    PortalPeer first = portal.accept();
    first.lease();
    first.link.send(submission);
    wait_for_event(first.link, "run.started");
  }
  PortalPeer second = portal.accept();
  EXPECT_EQ(second.lease().size(), 1u);
  while (true) {
    const auto packet = second.link.next().value();
    if (std::holds_alternative<protocol::LiveEvent>(packet)) continue;
    EXPECT_EQ(std::get<protocol::Result>(packet).stdout_bytes, "late\n");
    return;
  }
}

TEST_F(Join, WhereOnePortalIsLostTheNextOfTheListIsTried) {
  const PortalPort other;
  const HeldPort dead;
  start_node({"--join", portal.address(), "--join", dead.address(), "--join", other.address()});
  { portal.accept().lease(); }
  PortalPeer last = other.accept();
  last.lease();
  const auto lost = logged("portal.lost");
  ASSERT_EQ(lost.size(), 2u);
  EXPECT_EQ(lost[1].fields.at("address"), protocol::FieldValue(dead.address()));
}

TEST_F(Join, APortalThatRefusesIsLeftAtOnce) {
  start_node({"--join", portal.address()});
  PortalPeer first = portal.accept();
  first.link.send(protocol::Error{.code = protocol::ErrorCode::unauthenticated, .message = "no token"});
  portal.accept().lease();
  EXPECT_EQ(first.link.next(), std::nullopt);
}

TEST_F(Join, ALossIsToldOnceAndAgainWhereItsReasonChanges) {
  start_node({"--join", portal.address()});
  for (const char* words : {"no token", "no token", "no room"}) {
    PortalPeer refuses = portal.accept();
    refuses.link.send(protocol::Error{.code = protocol::ErrorCode::forbidden, .message = words});
    EXPECT_EQ(refuses.link.next(), std::nullopt);
  }
  PortalPeer last = portal.accept();
  last.lease();
  const auto lost = logged("portal.lost");
  ASSERT_EQ(lost.size(), 2u);
  EXPECT_EQ(lost[0].fields.at("reason"), protocol::FieldValue("it refuses: no token"));
  EXPECT_EQ(lost[1].fields.at("reason"), protocol::FieldValue("it refuses: no room"));
}

TEST_F(Join, APortalThatDoesNotGreetIsTriedAgain) {
  start_node({"--join", portal.address()});
  PortalPeer silent = portal.accept();
  portal.accept().lease();
  EXPECT_EQ(silent.link.next(), std::nullopt);
}

TEST_F(Join, APortalThatFallsSilentIsTakenForDead) {
  start_node({"--join", portal.address()});
  PortalPeer silent = portal.accept();
  silent.lease();
  portal.accept().lease();
  EXPECT_EQ(silent.link.next(), std::nullopt);
}

TEST_F(Join, WithoutAnAddressOfItsOwnTheNodeListensOnAFreePort) {
  auto flags = flags_of_test_nodes();
  flags.insert(flags.end(), {"--slots", "1", "--name", "quiet", "--state-dir", folder.path() / "state",
                             "--join", portal.address()});
  node = std::make_unique<Daemon>(program_path("rota-node"), flags);
  portal.accept("quiet").lease();
  EXPECT_EQ(node->host(), "127.0.0.1");
  EXPECT_NE(node->port(), 4001);
}

TEST_F(Join, ADrainingNodeTellsThePortalThatItHasJoined) {
  start_node({"--join", portal.address(), "--drain-time", "60s"});
  PortalPeer peer = portal.accept();
  peer.lease();
  peer.link.send(sleeping_job());
  wait_for_event(peer.link, "run.started");
  node->signal(SIGTERM);
  EXPECT_TRUE(peer.link.expect<protocol::Drain>().on);
}

}  // namespace
}  // namespace rota::test
