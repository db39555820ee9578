#include "net/stream.hpp"

#include <gmock/gmock.h>

#include "net/connector.hpp"
#include "net/listener.hpp"
#include "tests/support/tls_files.hpp"

namespace rota::net {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A listener and one client connected to it, both in one loop, in TLS and plain; ends by itself when both ends have
// closed.
class PacketStreamTest : public ::testing::TestWithParam<bool> {
 protected:
  PacketStreamTest() {
    const auto accept = [this](std::unique_ptr<PacketStream> stream) {
      accepted = std::move(stream);
      listener.reset();
      begin();
    };
    listener = std::make_unique<Listener>(loop, "127.0.0.1", 0, accept, Listener::Start::now,
                                          Protection{.tls = GetParam() ? files.server() : nullptr});
    connector.connect(
        "127.0.0.1", listener->port(), 5s,
        [this](std::unique_ptr<PacketStream> stream, const auto& problem) {
          EXPECT_EQ(problem, "");
          connected = std::move(stream);
          begin();
        },
        GetParam() ? files.client() : nullptr);
    watchdog.once(20s, [] { throw std::runtime_error("the test hangs"); });
  }

  void run() {
    loop.run();
    EXPECT_TRUE(begun);
  }

  StreamEvents collect(std::vector<std::string>& packets) {
    StreamEvents events;
    events.on_packet = [&packets](std::string json) { packets.push_back(std::move(json)); };
    return events;
  }

  // Closing both ends leaves the loop with nothing but the watchdog.
  void done() {
    accepted.reset();
    connected.reset();
    watchdog.stop();
  }

  Loop loop;
  Timer watchdog{loop};
  std::unique_ptr<Listener> listener;
  Connector connector{loop};
  std::unique_ptr<PacketStream> accepted, connected;
  std::function<void()> on_both;
  bool begun = false;

 private:
  // With TLS the client's handshake needs the server to take part in it, so the server starts at once.
  void begin() {
    if (accepted && GetParam() && !connected)
      return accepted->start({.on_packet = [](const std::string&) {}});
    if (!accepted || !connected) return;
    begun = true;
    if (GetParam()) accepted->pause();
    on_both();
  }

  test::TlsFiles files;
};

TEST_P(PacketStreamTest, CarriesPacketsBothWays) {
  std::vector<std::string> at_server, at_client;
  on_both = [&] {
    auto server = collect(at_server);
    server.on_packet = [&](std::string json) {
      at_server.push_back(json);
      accepted->send(protocol::framed("re:" + json));
    };
    accepted->start(std::move(server));
    auto client = collect(at_client);
    client.on_packet = [&](const std::string& json) {
      at_client.push_back(json);
      if (at_client.size() == 2) done();
    };
    connected->start(std::move(client));
    connected->send(protocol::framed("one"));
    connected->send(protocol::framed("two"));
  };
  run();
  EXPECT_THAT(at_server, ElementsAre("one", "two"));
  EXPECT_THAT(at_client, ElementsAre("re:one", "re:two"));
}

// The answer itself is looked at with real half-closed sockets in tests/integration: this client throws it
// away.
TEST_P(PacketStreamTest, ClosesOrderlyWhenBothEndsHaveFinished) {
  bool finished = false;
  std::string closed;
  on_both = [&] {
    accepted->start({.on_packet = [](const std::string&) {},
                     .on_bad_framing = {},
                     .on_finished =
                         [&] {
                           finished = true;
                           accepted->send(protocol::framed("late answer"));
                           accepted->close_after_sending();
                         },
                     .on_closed = {}});
    connected->start({.on_packet = [](const std::string&) {},
                      .on_bad_framing = {},
                      .on_finished = {},
                      .on_closed =
                          [&](const std::string& reason) {
                            closed = reason;
                            done();
                          }});
    connected->send(protocol::framed("question"));
    connected->close_after_sending();
  };
  run();
  EXPECT_TRUE(finished);
  EXPECT_EQ(closed, "closed");
}

TEST_P(PacketStreamTest, DeliversEverythingThatWasQueuedBeforeItCloses) {
  const std::string large(8 << 20, 'x');
  std::vector<std::string> packets;
  on_both = [&] {
    StreamEvents server;
    server.on_packet = [](const std::string&) {};
    accepted->start(std::move(server));
    accepted->send(protocol::framed(large));
    accepted->send(protocol::framed("last"));
    accepted->close_after_sending();
    auto client = collect(packets);
    client.on_finished = [&] { done(); };
    connected->start(std::move(client));
  };
  run();
  ASSERT_EQ(packets.size(), 2u);
  EXPECT_EQ(packets[0], large);
  EXPECT_EQ(packets[1], "last");
}

TEST_P(PacketStreamTest, ClosesOnAPeerThatDoesNotTakeItsPackets) {
  std::string reason;
  on_both = [&] {
    // The client never starts to read.
    StreamEvents server;
    server.on_packet = [](const std::string&) {};
    server.on_closed = [&](const std::string& why) {
      reason = why;
      done();
    };
    accepted->start(std::move(server));
    for (int i = 0; i < 200 && accepted->is_open(); ++i) accepted->send(std::string(1 << 20, 'x'));
    EXPECT_FALSE(accepted->is_open());
    EXPECT_LE(accepted->queued_bytes(), PacketStream::kDefaultMaxQueuedBytes);
  };
  run();
  EXPECT_THAT(reason, HasSubstr("does not take its packets"));
}

TEST_P(PacketStreamTest, MayBeDestroyedByItsPacketCallback) {
  int packets = 0;
  on_both = [&] {
    StreamEvents server;
    server.on_packet = [&, kept = std::string(100, 'k')](const std::string&) {
      done();
      packets += kept.size() == 100 ? 1 : 100;
    };
    accepted->start(std::move(server));
    connected->start({.on_packet = [](const std::string&) {}});
    connected->send(protocol::framed("one") + protocol::framed("two"));
  };
  run();
  EXPECT_EQ(packets, 1);
}

TEST_P(PacketStreamTest, MayBeDestroyedWhereThePeerHasFinished) {
  bool called = false;
  on_both = [&] {
    StreamEvents server;
    server.on_finished = [&, kept = std::string(100, 'k')] {
      done();
      called = kept.size() == 100;
    };
    accepted->start(std::move(server));
    connected->start({.on_packet = [](const std::string&) {}});
    connected->close_after_sending();
  };
  run();
  EXPECT_TRUE(called);
}

TEST_P(PacketStreamTest, MayBeDestroyedWhereEverythingIsSent) {
  bool called = false;
  on_both = [&] {
    StreamEvents server;
    server.on_drained = [&, kept = std::string(100, 'k')] {
      done();
      called = kept.size() == 100;
    };
    accepted->start(std::move(server));
    accepted->send(protocol::framed("one"));
  };
  run();
  EXPECT_TRUE(called);
}

TEST_P(PacketStreamTest, LetsOthersHaveTheirTurnWhereAPeerSendsManySmallPackets) {
  constexpr int kMany = 1000;
  int packets = 0, packets_at_next_turn = 0;
  Timer other(loop);
  on_both = [&] {
    StreamEvents server;
    server.on_packet = [&](const std::string&) {
      if (++packets == 1) other.once(0ms, [&] { packets_at_next_turn = packets; });
      if (packets == kMany) done();
    };
    accepted->start(std::move(server));
    connected->start({.on_packet = [](const std::string&) {}});
    connected->send(std::string(kMany, protocol::kEot));
  };
  run();
  EXPECT_EQ(packets, kMany);
  EXPECT_GE(packets_at_next_turn, PacketStream::kPacketsPerTurn);
  EXPECT_LE(packets_at_next_turn, 2 * PacketStream::kPacketsPerTurn);
}

TEST_P(PacketStreamTest, ClosesTheOneThatKeepsMostWhereAllTogetherKeepTooMuch) {
  std::string reason;
  loop.stream_memory() = StreamMemory(1 << 19);
  on_both = [&] {
    StreamEvents server;
    server.on_closed = [&](const std::string& why) {
      reason = why;
      done();
    };
    accepted->start(std::move(server));
    connected->start({.on_packet = [](const std::string&) {}});
    connected->keep_apart();
    connected->send(std::string(1 << 20, 'x'));
  };
  run();
  EXPECT_THAT(reason, HasSubstr("kept the most"));
  EXPECT_EQ(loop.stream_memory().bytes(), 0u);
}

// Many may be sent to in one turn of the loop: what is let go must not stay until its end.
TEST_P(PacketStreamTest, GivesBackAtOnceWhatOneKeptThatIsLetGo) {
  std::string reason;
  loop.stream_memory() = StreamMemory(64 << 20);
  on_both = [&] {
    StreamEvents server;
    server.on_closed = [&](const std::string& why) {
      reason = why;
      done();
    };
    accepted->start(std::move(server));
    connected->start({.on_packet = [](const std::string&) {}});
    connected->pause();
    for (int i = 0; i < 2; ++i) accepted->send(std::string(40 << 20, 'x'));
    EXPECT_EQ(accepted->queued_bytes(), 0u);
    EXPECT_FALSE(accepted->is_open());
    EXPECT_EQ(reason, "") << "never from within send()";
  };
  run();
  EXPECT_THAT(reason, HasSubstr("kept the most"));
}

INSTANTIATE_TEST_SUITE_P(PlainAndTls, PacketStreamTest, ::testing::Bool(),
                         [](const auto& test) { return test.param ? "tls" : "plain"; });

TEST(StreamMemory, NamesTheOneThatKeepsMostOnlyPastTheBound) {
  StreamMemory memory(1000);
  auto* const small = reinterpret_cast<PacketStream*>(8);
  auto* const large = reinterpret_cast<PacketStream*>(16);
  memory.set(small, 100);
  memory.set(large, 900);
  EXPECT_EQ(memory.one_too_many(), nullptr);
  memory.set(small, 101);
  EXPECT_EQ(memory.one_too_many(), large);
  memory.set(large, 0);
  EXPECT_EQ(memory.one_too_many(), nullptr);
  EXPECT_EQ(memory.bytes(), 101u);
}

TEST_P(PacketStreamTest, TellsItsOwnerThatFramingIsLost) {
  std::string problem;
  on_both = [&] {
    StreamEvents server;
    server.on_packet = [](const std::string&) {};
    server.on_bad_framing = [&](const protocol::ProtocolError& error) {
      problem = protocol::to_text(error.code());
      done();
    };
    accepted->start(std::move(server));
    connected->start({.on_packet = [](const std::string&) {}});
    connected->send(std::string(protocol::kMaxPacketBytes + 1, 'x'));
  };
  run();
  EXPECT_EQ(problem, "packet_too_large");
}

TEST_P(PacketStreamTest, TellsItsOwnerThatThePeerHasGone) {
  std::string reason;
  on_both = [&] {
    accepted->start({.on_packet = [](const std::string&) {},
                     .on_bad_framing = {},
                     .on_finished = {},
                     .on_closed =
                         [&](const std::string& why) {
                           reason = why;
                           done();
                         }});
    connected.reset();
  };
  run();
  EXPECT_THAT(reason, ::testing::AnyOf(HasSubstr("closed"), HasSubstr("cut off")));
}

TEST(Connector, SaysWhyItCannotConnect) {
  Loop loop;
  Connector connector(loop);
  std::string refused, unknown;
  int free_port = 0;
  {
    free_port = Listener(loop, "127.0.0.1", 0, [](auto) {}).port();
  }
  connector.connect("127.0.0.1", free_port, 5s,
                    [&](std::unique_ptr<PacketStream> stream, const std::string& problem) {
                      EXPECT_EQ(stream, nullptr);
                      refused = problem;
                    });
  loop.run();
  EXPECT_EQ(refused, "connection refused");
  connector.connect("no-such-host.invalid", 1, 5s,
                    [&](auto, const std::string& problem) { unknown = problem; });
  loop.run();
  EXPECT_FALSE(unknown.empty());
}

TEST(Connector, CallsNobodyAfterItHasGone) {
  Loop loop;
  bool called = false;
  {
    Connector(loop).connect("127.0.0.1", 1, 5s, [&](auto, const auto&) { called = true; });
  }
  loop.run();
  EXPECT_FALSE(called);
}

TEST(Listener, ThatStartsLaterHasItsPortAndRefusesConnectionsUntilThen) {
  Loop loop;
  Listener listener(
      loop, "127.0.0.1", 0, [](auto) {}, Listener::Start::later);
  Connector connector(loop);
  const auto connects = [&] {
    bool connected = false;
    connector.connect("127.0.0.1", listener.port(), 5s, [&](auto stream, const auto&) {
      connected = stream != nullptr;
      loop.stop();
    });
    loop.run();
    return connected;
  };
  EXPECT_GT(listener.port(), 0);
  EXPECT_FALSE(connects());
  listener.listen();
  EXPECT_TRUE(connects());
}

TEST(Listener, SaysWhichAddressItCannotHave) {
  Loop loop;
  const Listener first(loop, "127.0.0.1", 0, [](auto) {});
  try {
    const Listener second(loop, "127.0.0.1", first.port(), [](auto) {});
    FAIL() << "two listeners on one port";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("127.0.0.1:" + std::to_string(first.port())));
  }
}

}  // namespace
}  // namespace rota::net
