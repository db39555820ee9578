// A link and a node that behaves as the test says, in one loop. How jobs fare with a node that is lost:
// tests/integration/cluster.
#include "portal/node_link.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <list>

#include "net/listener.hpp"
#include "net/loop.hpp"
#include "protocol/conversion.hpp"

namespace rota::portal {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr NodeLinkTimes kQuick{
    .connect = 10'000ms, .heartbeat = 10ms, .silent_beats = 5, .unanswered_beats = 10};

class NodeLinkTest : public testing::Test {
 protected:
  using Reaction = std::function<void(net::PacketStream& stream, const protocol::Packet& packet)>;

  // Greets, and does as the reaction says with what comes afterwards. Returns why the link is lost, or "" after `beats` pings.
  std::string outcome(const Reaction& reaction, int beats) {
    int pings = 0;
    std::string reason;
    net::Listener listener(loop_, "127.0.0.1", 0, [&](auto stream) {
      auto& kept = *streams_.emplace_back(std::move(stream));
      kept.start({.on_packet = [&](const std::string& json) {
        const auto packet = protocol::from_json(json);
        if (std::holds_alternative<protocol::Hello>(packet))
          return kept.send(protocol::to_wire(protocol::Hello{.name = "node"}));
        if (std::holds_alternative<protocol::Ping>(packet) && ++pings >= beats) return loop_.stop();
        reaction(kept, packet);
      }});
    });
    NodeLink link(loop_, "portal", net::Address{listener.host(), listener.port()},
                  {.on_up = [](const auto&) {},
                   .on_down =
                       [&](const std::string& why) {
                         reason = why;
                         loop_.stop();
                       },
                   .on_packet = [](auto) {}},
                  kQuick);
    link.start();
    loop_.run();
    streams_.clear();
    return reason;
  }

  net::Loop loop_;
  std::list<std::unique_ptr<net::PacketStream>> streams_;
};

void send(net::PacketStream& stream, const protocol::Packet& packet) {
  stream.send(protocol::to_wire(packet));
}

std::uint64_t number_of(const protocol::Packet& packet) {
  return std::get<protocol::Ping>(packet).number;
}

TEST_F(NodeLinkTest, StaysWithANodeThatAnswers) {
  EXPECT_EQ(
      outcome([](auto& stream, const auto& packet) { send(stream, protocol::Pong{number_of(packet)}); }, 40),
      "");
}

TEST_F(NodeLinkTest, LeavesOneThatSendsNothing) {
  EXPECT_THAT(outcome([](auto&, const auto&) {}, 1000), HasSubstr("no sign of life"));
}

TEST_F(NodeLinkTest, LeavesOneThatSendsAndAnswersNothing) {
  const auto chatters = [](auto& stream, const auto& packet) {
    send(stream, protocol::Stored{});
    send(stream, protocol::Pong{number_of(packet) + 1000});  // to a ping that never was
    send(stream, protocol::Pong{1});                         // to one, again and again
  };
  EXPECT_THAT(outcome(chatters, 1000), HasSubstr("it answers no ping for 100 ms"));
}

}  // namespace
}  // namespace rota::portal
