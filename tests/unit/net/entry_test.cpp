#include "net/entry.hpp"

#include <gmock/gmock.h>

#include "net/listener.hpp"
#include "protocol/conversion.hpp"
#include "tests/support/tls_files.hpp"

namespace rota::net {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kToken = "rota_secret";

// A portal that answers its first packet as the test says.
class EntryTest : public ::testing::Test {
 protected:
  void listen(std::shared_ptr<const TlsContext> tls, std::optional<protocol::Packet> answer,
              const std::string& host = "127.0.0.1") {
    const auto accept = [this, answer](std::unique_ptr<PacketStream> stream) {
      accepted = std::move(stream);
      accepted->start({.on_packet = [this, answer](const std::string& json) {
        heard.push_back(json);
        if (answer && heard.size() == 1) accepted->send(protocol::to_wire(*answer));
      }});
    };
    listener = std::make_unique<Listener>(loop, host, 0, accept, Listener::Start::now,
                                          Protection{.tls = std::move(tls), .is_insecure_wanted = true});
  }

  Entry::Problem come_in(Credentials credentials, const std::string& host = "127.0.0.1") {
    Entry::Problem problem{"not called"};
    entry.come_in(host, listener->port(), 1s, std::move(credentials),
                  [&](std::unique_ptr<PacketStream> stream, const Entry::Problem& why) {
                    entered = std::move(stream);
                    problem = why;
                    loop.stop();
                  });
    loop.run();
    EXPECT_THAT(problem.text, Not(HasSubstr(kToken)));
    return problem;
  }

  test::TlsFiles files;
  Loop loop;
  std::unique_ptr<Listener> listener;
  std::unique_ptr<PacketStream> accepted, entered;
  std::vector<std::string> heard;
  Entry entry{loop};
};

TEST_F(EntryTest, SaysWhoItIsBeforeAnythingElse) {
  listen(files.server(), protocol::Authenticated{"ana", "submit"});
  EXPECT_EQ(come_in({files.client(), kToken}).text, "");
  ASSERT_NE(entered, nullptr);
  entered->start({.on_packet = [](const std::string&) {}});
  entered->send(protocol::to_wire(protocol::Ping{7}));
  Timer look(loop);
  look.every(1ms, [&] {
    if (heard.size() == 2) loop.stop();
  });
  loop.run();
  EXPECT_EQ(std::get<protocol::Authenticate>(protocol::from_json(heard[0])).token, kToken);
  EXPECT_EQ(std::get<protocol::Ping>(protocol::from_json(heard[1])).number, 7u);
}

TEST_F(EntryTest, LosesNothingThatComesBehindTheAnswer) {
  listen(nullptr, std::nullopt);
  Timer look(loop);
  look.every(1ms, [&] {
    if (heard.empty()) return;
    look.stop();
    accepted->send(protocol::to_wire(protocol::Authenticated{"ana", "node"}) +
                   protocol::to_wire(protocol::Ping{7}));
  });
  ASSERT_EQ(come_in({nullptr, kToken}).text, "");
  std::string next;
  entered->start({.on_packet = [&](const std::string& json) {
    next = json;
    loop.stop();
  }});
  loop.run();
  EXPECT_EQ(std::get<protocol::Ping>(protocol::from_json(next)).number, 7u);
}

TEST_F(EntryTest, HandsOverAPlainStreamAtOnceWhereThereIsNoToken) {
  listen(nullptr, std::nullopt);
  EXPECT_EQ(come_in({}).text, "");
  EXPECT_NE(entered, nullptr);
}

TEST_F(EntryTest, SaysForGoodThatATokenIsRefused) {
  protocol::Error error;
  error.code = protocol::ErrorCode::unauthenticated;
  error.message = "no such token";
  listen(files.server(), error);
  const auto problem = come_in({files.client(), kToken});
  EXPECT_THAT(problem.text, HasSubstr("it refused the token"));
  EXPECT_THAT(problem.text, HasSubstr("no such token"));
  EXPECT_TRUE(problem.is_final);
}

TEST_F(EntryTest, MayTryAgainWhereThePortalIsBusy) {
  protocol::Error error;
  error.code = protocol::ErrorCode::busy;
  listen(files.server(), error);
  EXPECT_FALSE(come_in({files.client(), kToken}).is_final);
}

TEST_F(EntryTest, GivesUpOnAPortalThatDoesNotAnswerTheToken) {
  listen(nullptr, std::nullopt);
  EXPECT_EQ(come_in({nullptr, kToken}).text, "it did not answer the token in time");
}

TEST_F(EntryTest, GivesUpOnAPeerThatIsNoPortal) {
  listen(nullptr, protocol::Pong{1});
  EXPECT_THAT(come_in({nullptr, kToken}).text, HasSubstr("in time"));
}

TEST_F(EntryTest, DoesNotSendATokenToWhomeverItCannotVerify) {
  test::TlsFiles others;
  listen(others.server(), protocol::Authenticated{"ana", "submit"});
  EXPECT_THAT(come_in({files.client(), kToken}).text, HasSubstr("is not signed by"));
  EXPECT_TRUE(heard.empty());
}

// One of this machine's own addresses, if it has another than loopback.
std::string other_address() {
  uv_interface_address_t* addresses = nullptr;
  int count = 0;
  std::string found;
  if (uv_interface_addresses(&addresses, &count) != 0) return found;
  for (int i = 0; i < count && found.empty(); ++i) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (addresses[i].is_internal != 0 || addresses[i].address.address4.sin_family != AF_INET) continue;
    uv_ip4_name(&addresses[i].address.address4, text.data(), text.size());
    found = text.data();
  }
  uv_free_interface_addresses(addresses, count);
  return found;
}

TEST_F(EntryTest, DoesNotSendATokenToAnotherMachineWithoutTls) {
  const std::string address = other_address();
  if (address.empty()) GTEST_SKIP() << "NOT TESTED: this machine has no address beside loopback";
  listen(nullptr, protocol::Authenticated{"ana", "submit"}, address);
  const auto problem = come_in({nullptr, kToken}, address);
  EXPECT_THAT(problem.text, HasSubstr("the token is not sent to " + address + " without TLS"));
  EXPECT_TRUE(problem.is_final);
  EXPECT_TRUE(heard.empty());
}

TEST_F(EntryTest, CallsNobodyAfterItHasGone) {
  listen(nullptr, protocol::Authenticated{"ana", "submit"});
  bool called = false;
  {
    Entry short_lived(loop);
    short_lived.come_in("127.0.0.1", listener->port(), 1s, {nullptr, kToken},
                        [&](auto, const auto&) { called = true; });
  }
  Timer end(loop);
  end.once(50ms, [&] { loop.stop(); });
  loop.run();
  EXPECT_FALSE(called);
}

TEST(ReadToken, TakesOneTokenAndTheWhiteSpaceAroundIt) {
  test::TlsFiles files;
  files.write("token", "  rota_x\n");
  EXPECT_EQ(read_token(files.path("token")), "rota_x");
}

TEST(ReadToken, NamesTheFileThatIsNotGood) {
  test::TlsFiles files;
  for (const std::string& text : {std::string(), std::string("a b"), std::string(300, 'x')}) {
    files.write("token", text);
    EXPECT_THROW(read_token(files.path("token")), std::runtime_error);
  }
  files.write("token", "rota_x");
  ::chmod(files.path("token").c_str(), 0644);
  EXPECT_THAT([&] { read_token(files.path("token")); },
              ::testing::ThrowsMessage<std::runtime_error>(HasSubstr("chmod 600")));
  EXPECT_THROW(read_token(files.path("absent")), std::runtime_error);
}

}  // namespace
}  // namespace rota::net
