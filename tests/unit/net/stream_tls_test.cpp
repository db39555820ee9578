// What only streams with TLS do; what they have in common with plain ones is in stream_test.cpp.

#include <gmock/gmock.h>

#include "net/connector.hpp"
#include "net/listener.hpp"
#include "net/stream.hpp"
#include "net/tls_layer.hpp"
#include "tests/support/tls_files.hpp"

namespace rota::net {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// A listener that takes TLS, or does not, and whoever connects.
class TlsStreamTest : public ::testing::Test {
 protected:
  void listen(std::shared_ptr<const TlsContext> tls) {
    const auto accept = [this](std::unique_ptr<PacketStream> stream) {
      accepted = std::move(stream);
      accepted->start({.on_packet = [this](const std::string& json) { packets.push_back(json); },
                       .on_bad_framing = {},
                       .on_finished = {},
                       .on_closed =
                           [this](const std::string& reason) {
                             closed = reason;
                             if (on_closed) on_closed();
                           }});
    };
    listener = std::make_unique<Listener>(loop, "127.0.0.1", 0, accept, Listener::Start::now,
                                          Protection{.tls = std::move(tls)});
  }

  std::string connect(std::shared_ptr<const TlsContext> tls, std::chrono::milliseconds timeout = 5s) {
    std::string why = "not called";
    connector.connect(
        "localhost", listener->port(), timeout,
        [&](std::unique_ptr<PacketStream> stream, const std::string& problem) {
          connected = std::move(stream);
          why = problem;
          loop.stop();
        },
        std::move(tls));
    loop.run();
    return why;
  }

  void connect_plain() { ASSERT_EQ(connect(nullptr), ""); }

  void run_until_closed() {
    on_closed = [this] { loop.stop(); };
    loop.run();
  }

  test::TlsFiles files;
  Loop loop;
  std::unique_ptr<Listener> listener;
  Connector connector{loop};
  std::unique_ptr<PacketStream> accepted, connected;
  std::vector<std::string> packets;
  std::string closed = "not closed";
  std::function<void()> on_closed;
};

TEST_F(TlsStreamTest, IsConnectedOnceTheServerHasShownWhoItIs) {
  listen(files.server());
  EXPECT_EQ(connect(files.client()), "");
  EXPECT_TRUE(connected->has_tls());
}

TEST_F(TlsStreamTest, IsNotConnectedToWhomeverTheCaHasNotSigned) {
  test::TlsFiles others;
  listen(others.server());
  EXPECT_THAT(connect(files.client()), HasSubstr("is not signed by the CA in"));
  EXPECT_EQ(connected, nullptr);
  run_until_closed();
  EXPECT_THAT(closed, HasSubstr("unknown ca"));  // the client's alert has come through
}

TEST_F(TlsStreamTest, SaysThatTheServerIsAPlainOne) {
  listen(nullptr);
  EXPECT_NE(connect(files.client(), 300ms).find("localhost does not "), std::string::npos);
}

TEST_F(TlsStreamTest, TellsAPlainClientThatItSpeaksTls) {
  listen(files.server());
  connect_plain();
  std::string answer;
  connected->start({.on_packet = [&](std::string json) {
    answer = std::move(json);
    loop.stop();
  }});
  connected->send(protocol::framed(R"({"rota":1,"type":"ping"})"));
  loop.run();
  EXPECT_THAT(answer, HasSubstr("TLS is spoken here"));
  EXPECT_THAT(answer, HasSubstr("--tls-ca"));
}

TEST_F(TlsStreamTest, ClosesOnGarbage) {
  listen(files.server());
  connect_plain();
  connected->start({.on_packet = [](const std::string&) {}});
  connected->send(std::string(100'000, '\xff'));
  run_until_closed();
  EXPECT_THAT(closed, HasSubstr("does not speak TLS"));
  EXPECT_TRUE(packets.empty());
}

TEST_F(TlsStreamTest, GivesAPeerThatDoesNotShakeHandsFiveSeconds) {
  listen(files.server());
  connect_plain();
  const auto begin = std::chrono::steady_clock::now();
  run_until_closed();
  EXPECT_THAT(closed, HasSubstr("did not shake hands for TLS in time"));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, PacketStream::kHandshakeTime - 100ms);
}

TEST_F(TlsStreamTest, GivesAPeerThatBeginsAHandshakeByteByByteNoLongerThanAnother) {
  listen(files.server());
  connect_plain();
  TlsLayer layer(files.client(), "localhost");
  layer.begin();
  const std::string hello = layer.take_output();
  std::size_t sent = 0;
  connected->start({.on_packet = [](const std::string&) {}});
  Timer slow(loop);
  slow.every(200ms, [&] { connected->send(hello.substr(sent++, 1)); });
  const auto begin = std::chrono::steady_clock::now();
  run_until_closed();
  EXPECT_THAT(closed, HasSubstr("in time"));
  EXPECT_LE(std::chrono::steady_clock::now() - begin, PacketStream::kHandshakeTime + 2s);
}

TEST_F(TlsStreamTest, TakesAConnectionWithoutTlsEndForOneThatWasCutOff) {
  listen(files.server());
  ASSERT_EQ(connect(files.client()), "");
  connected->start({.on_packet = [](const std::string&) {}});
  connected->send(protocol::framed("one"));
  Timer look(loop);
  look.every(1ms, [&] {
    if (!packets.empty()) connected.reset();  // closes the socket without a word
  });
  run_until_closed();
  EXPECT_THAT(closed, HasSubstr("cut off"));
}

TEST_F(TlsStreamTest, SendsWhatWasGivenToItBeforeTheHandshakeHadEnded) {
  listen(files.server());
  listener = nullptr;
  const auto accept = [this](std::unique_ptr<PacketStream> stream) {
    accepted = std::move(stream);
    accepted->start({.on_packet = [](const std::string&) {}});
    accepted->send(protocol::framed("early"));
    EXPECT_EQ(accepted->queued_bytes(), 6u);
    accepted->close_after_sending();
  };
  listener = std::make_unique<Listener>(loop, "127.0.0.1", 0, accept, Listener::Start::now,
                                        Protection{.tls = files.server()});
  ASSERT_EQ(connect(files.client()), "");
  connected->start({.on_packet = [&](const std::string& json) { packets.push_back(json); },
                    .on_bad_framing = {},
                    .on_finished = [&] { loop.stop(); },
                    .on_closed = {}});
  loop.run();
  EXPECT_THAT(packets, ::testing::ElementsAre("early"));
}

TEST_F(TlsStreamTest, ChangesItsOwnerBetweenTwoPackets) {
  listen(files.server());
  ASSERT_EQ(connect(files.client()), "");
  std::vector<std::string> first, second;
  accepted->pause();
  accepted->start({.on_packet = [&](const std::string& json) {
    first.push_back(json);
    accepted->pause();
    accepted->start({.on_packet = [&](const std::string& next) {
      second.push_back(next);
      loop.stop();
    }});
  }});
  connected->start({.on_packet = [](const std::string&) {}});
  connected->send(protocol::framed("one") + protocol::framed("two"));
  loop.run();
  EXPECT_THAT(first, ::testing::ElementsAre("one"));
  EXPECT_THAT(second, ::testing::ElementsAre("two"));
}

TEST(ListenerProtection, WantsTlsOrAWordWhereOthersCanReachIt) {
  Loop loop;
  EXPECT_THAT([&] { Listener(loop, "0.0.0.0", 0, [](auto) {}); },
              ::testing::ThrowsMessage<std::runtime_error>(::testing::AllOf(
                  HasSubstr("0.0.0.0:0"), HasSubstr("--tls-cert FILE"), HasSubstr("--insecure"))));
  EXPECT_NO_THROW(Listener(loop, "127.0.0.9", 0, [](auto) {}));
  EXPECT_NO_THROW(
      Listener(loop, "0.0.0.0", 0, [](auto) {}, Listener::Start::later, {.is_insecure_wanted = true}));
  test::TlsFiles files;
  EXPECT_NO_THROW(Listener(loop, "0.0.0.0", 0, [](auto) {}, Listener::Start::later, {.tls = files.server()}));
}

TEST(IsLoopback, IsTrueOfWhatNobodyElseCanReach) {
  for (const char* ours : {"127.0.0.1", "127.255.0.3", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(is_loopback(ours)) << ours;
  for (const char* theirs : {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "::ffff:10.0.0.1", "localhost", ""})
    EXPECT_FALSE(is_loopback(theirs)) << theirs;
}

}  // namespace
}  // namespace rota::net
