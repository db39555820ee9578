// Peers that mean no good, at a portal with TLS.

#include <gmock/gmock.h>

#include "net/tls_layer.hpp"
#include "tests/integration/access/secure_portal.hpp"
#include "tests/integration/client/command.hpp"
#include "tests/support/held_port.hpp"
#include "tests/support/tls_files.hpp"

namespace rota::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class StrangerTest : public ::testing::Test {
 protected:
  // The portal works for those who have a token.
  void expect_alive() {
    const auto outcome =
        rota(home, {"nodes", "--portal", "localhost:" + std::to_string(portal.daemon->port()), "--tls-ca",
                    portal.path("cluster/ca.crt"), "--token-file", portal.path("cluster/admin.token")});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
  }

  std::string client_hello() {
    net::TlsLayer layer(
        net::TlsContext::for_client({.ca = portal.path("cluster/ca.crt"), .pin = "", .own = std::nullopt}),
        "localhost");
    layer.begin();
    return layer.take_output();
  }

  // Reads to the end, whatever comes: bytes of TLS are no packets.
  static void expect_end(PacketClient& client, std::chrono::milliseconds timeout) {
    const auto begin = std::chrono::steady_clock::now();
    for (bool is_open = true; is_open;) {
      try {
        is_open = client.next(timeout).has_value();
      } catch (const protocol::ProtocolError&) {
        continue;
      } catch (const std::system_error&) {  // a reset is an end too
        break;
      }
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, timeout);
  }

  SecurePortal portal;
  Home home;
};

TEST_F(StrangerTest, WithGarbageIsShownOut) {
  for (const std::string& bytes : {std::string(100'000, '\xff'), std::string("GET / HTTP/1.1\r\n\r\n"),
                                   std::string("\x16\x03\x01\x40\x00", 5) + std::string(20'000, 'x'),
                                   std::string("\x80\x2e\x01\x03\x00", 5)}) {
    PacketClient client = portal.connect();
    try {
      client.send_bytes(bytes);
    } catch (const std::system_error&) {  // it may have closed before all was sent
    }
    expect_end(client, 7s);
  }
  expect_alive();
}

TEST_F(StrangerTest, WhoStopsInTheMiddleOfAHandshakeIsShownOut) {
  const std::string hello = client_hello();
  std::vector<PacketClient> clients;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, hello.size() / 2, hello.size()}) {
    clients.push_back(portal.connect());
    clients.back().send_bytes(hello.substr(0, size));
  }
  expect_alive();
  for (PacketClient& client : clients) expect_end(client, 8s);
}

TEST_F(StrangerTest, WhoRepeatsHisHelloIsShownOut) {
  PacketClient client = portal.connect();
  client.send_bytes(client_hello());
  client.send_bytes(client_hello());
  expect_end(client, 4s);
  expect_alive();
}

TEST(SilentStranger, IsShownOutAfterTenSeconds) {
  SecurePortal portal(kPlainWithTokens);
  PacketClient silent = portal.connect(), slow = portal.connect();
  const auto begin = std::chrono::steady_clock::now();
  slow.send_bytes(R"({"rota":2,"type":"authen)");
  // In version 1, as they have named no other: the code is one of version 2.
  EXPECT_THAT(silent.expect<protocol::Error>(15s).message, HasSubstr("none came in time"));
  EXPECT_THAT(slow.expect<protocol::Error>(15s).message, HasSubstr("none came in time"));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 9s);
}

TEST(GreedyStranger, GetsNoPacketOfMoreThanFourKibibytes) {
  SecurePortal portal(kPlainWithTokens);
  PacketClient client = portal.connect();
  client.send_bytes(std::string(8192, 'x'));
  EXPECT_EQ(client.expect<protocol::Error>().code, protocol::ErrorCode::packet_too_large);
  EXPECT_FALSE(client.next().has_value());
}

TEST(ConfusedStranger, WithOneBadPacketIsShownOut) {
  SecurePortal portal(kPlainWithTokens);
  for (const std::string& bytes :
       {std::string("junk\x04"), std::string(1000, '[') + "\x04", std::string("\x04")}) {
    PacketClient client = portal.connect();
    client.send_bytes(bytes);
    client.expect<protocol::Error>();
    EXPECT_FALSE(client.next().has_value()) << bytes;
  }
}

TEST_F(StrangerTest, WithOpensslsOwnClientGetsWhatTls13Gives) {
  const auto with = [&](const std::string& version) {
    return run_to_end("/usr/bin/openssl",
                      {"s_client", "-connect", portal.daemon->address(), "-CAfile",
                       portal.path("cluster/ca.crt"), "-verify_hostname", "localhost", version})
        .output;
  };
  if (!std::filesystem::exists("/usr/bin/openssl")) GTEST_SKIP() << "NOT TESTED: openssl is not installed";
  EXPECT_THAT(with("-tls1_3"), HasSubstr("Verify return code: 0 (ok)"));
  EXPECT_THAT(with("-tls1_2"), HasSubstr("alert protocol version"));
  expect_alive();
}

}  // namespace
}  // namespace rota::test
