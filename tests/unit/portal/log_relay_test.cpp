#include "portal/log_relay.hpp"

#include <gmock/gmock.h>

namespace rota::portal {
namespace {

using namespace protocol;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

Nodes nodes_named(std::initializer_list<std::pair<const char*, bool>> entries) {
  Nodes nodes;
  for (const auto& [name, up] : entries) {
    NodeStatus status;
    status.name = name;
    status.up = up;
    nodes.nodes.push_back(status);
  }
  return nodes;
}

std::vector<std::pair<NodeIndex, LogsQuery>> asked(const Actions& actions) {
  std::vector<std::pair<NodeIndex, LogsQuery>> found;
  for (const auto& action : actions) {
    const auto& to_node = std::get<ToNode>(action);
    found.emplace_back(to_node.node, std::get<LogsQuery>(to_node.packet));
  }
  return found;
}

LogLine line(const std::string& query, std::chrono::seconds time) {
  return {query, {UtcTime(time), {}, "", "", "e", {}}};
}

TEST(LogRelay, AsksEveryNodeThatIsUpAndNamesTheOthers) {
  LogRelay relay;
  const auto questions =
      asked(relay.query(1, {.query = "mine"}, nodes_named({{"a", true}, {"b", false}, {"c", true}})));
  ASSERT_EQ(questions.size(), 2u);
  EXPECT_EQ(questions[0].first, 0u);
  EXPECT_EQ(questions[1].first, 2u);
  const std::string name = questions[0].second.query;
  EXPECT_TRUE(relay.end(0, name, {}).empty());
  const auto end = relay.end(2, name, {});
  ASSERT_EQ(end.size(), 1u);
  const auto& packet = std::get<LogsEnd>(std::get<ToClient>(end[0]).packet);
  EXPECT_EQ(packet.query, "mine");
  EXPECT_THAT(packet.unreachable, ElementsAre("b"));
}

TEST(LogRelay, PassesLinesOnUnderTheClientsOwnName) {
  LogRelay relay;
  const auto name =
      asked(relay.query(8, {.query = "mine"}, nodes_named({{"a", true}, {"b", true}})))[0].second.query;
  EXPECT_TRUE(relay.line(0, line(name, 2s), {}).empty());
  const auto out = relay.line(1, line(name, 1s), {});
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(std::get<ToClient>(out[0]).client, 8u);
  EXPECT_EQ(std::get<LogLine>(std::get<ToClient>(out[0]).packet), line("mine", 1s));
}

TEST(LogRelay, EndsAtOnceWhereNoNodeIsUp) {
  LogRelay relay;
  const auto end = relay.query(1, {.query = "mine"}, nodes_named({{"a", false}}));
  ASSERT_EQ(end.size(), 1u);
  EXPECT_THAT(std::get<LogsEnd>(std::get<ToClient>(end[0]).packet).unreachable, ElementsAre("a"));
  EXPECT_FALSE(relay.has_queries_of(1));
}

TEST(LogRelay, RefusesANodeThatDoesNotExist) {
  LogRelay relay;
  const auto refused = relay.query(1, {.query = "mine", .node = "x"}, nodes_named({{"a", true}}));
  EXPECT_EQ(std::get<Error>(std::get<ToClient>(refused.at(0)).packet).code, ErrorCode::unknown_node);
}

TEST(LogRelay, GoesOnWithoutANodeThatIsLost) {
  LogRelay relay;
  const auto name =
      asked(relay.query(1, {.query = "mine"}, nodes_named({{"a", true}, {"b", true}})))[0].second.query;
  relay.line(0, line(name, 2s), {});
  const auto out = relay.node_down(1, "b", {});
  ASSERT_EQ(out.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<LogLine>(std::get<ToClient>(out[0]).packet));
  const auto end = relay.end(0, name, {});
  EXPECT_THAT(std::get<LogsEnd>(std::get<ToClient>(end.at(0)).packet).unreachable, ElementsAre("b"));
}

TEST(LogRelay, TellsTheNodesWhenTheClientStopsOrGoes) {
  LogRelay relay;
  relay.query(1, {.query = "mine", .follow = true}, nodes_named({{"a", true}}));
  const auto stopped = relay.stop(1, "mine", {});
  EXPECT_TRUE(std::holds_alternative<LogsStop>(std::get<ToNode>(stopped.at(0)).packet));
  EXPECT_TRUE(std::holds_alternative<LogsEnd>(std::get<ToClient>(stopped.at(1)).packet));
  relay.query(2, {.query = "its", .follow = true}, nodes_named({{"a", true}}));
  EXPECT_EQ(relay.client_gone(2).size(), 1u);
  EXPECT_FALSE(relay.has_queries_of(2));
}

TEST(LogRelay, BoundsTheQueriesOfOneClient) {
  LogRelay relay;
  for (std::size_t i = 0; i < kMaxLogQueriesPerClient; ++i)
    relay.query(1, {.query = "q"}, nodes_named({{"a", true}}));
  const auto refused = relay.query(1, {.query = "q"}, nodes_named({{"a", true}}));
  EXPECT_EQ(std::get<Error>(std::get<ToClient>(refused.at(0)).packet).code, ErrorCode::busy);
}

}  // namespace
}  // namespace rota::portal
