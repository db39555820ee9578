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

TEST(LogRelay, RefusesANameThatTheClientHasInUse) {
  LogRelay relay;
  relay.query(1, {.query = "mine"}, nodes_named({{"a", true}}));
  const auto refused = relay.query(1, {.query = "mine"}, nodes_named({{"a", true}}));
  EXPECT_EQ(std::get<Error>(std::get<ToClient>(refused.at(0)).packet).code, ErrorCode::duplicate_job);
  EXPECT_EQ(asked(relay.query(2, {.query = "mine"}, nodes_named({{"a", true}}))).size(), 1u);
}

TEST(LogRelay, NamesANodeThatDoesNotAnswerTheQuery) {
  LogRelay relay;
  const auto name = asked(relay.query(1, {.query = "mine"}, nodes_named({{"a", true}})))[0].second.query;
  EXPECT_TRUE(relay.knows(name));
  const auto end = relay.refused(0, "a", name, {});
  EXPECT_THAT(std::get<LogsEnd>(std::get<ToClient>(end.at(0)).packet).unreachable, ElementsAre("a"));
  EXPECT_FALSE(relay.knows(name));
}

TEST(LogRelay, AsksANodeThatComesBackForWhatItHasNotSentWhereItFollows) {
  LogRelay relay;
  const auto nodes = nodes_named({{"a", true}, {"b", false}});
  const auto name = asked(relay.query(1, {.query = "mine", .follow = true}, nodes))[0].second.query;
  relay.line(0, line(name, 2s), {});
  relay.node_down(0, "a", {});
  EXPECT_TRUE(relay.has_queries_of(1));
  const auto again = asked(relay.node_up(0, "a"));
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].second.since, UtcTime(2s) + 1ns);
  const auto first = asked(relay.node_up(1, "b"));
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].second.since, std::nullopt);
  const auto end = relay.stop(1, "mine", {});
  EXPECT_TRUE(std::get<LogsEnd>(std::get<ToClient>(end.back()).packet).unreachable.empty());
}

TEST(LogRelay, DoesNotAskANodeThatComesBackWhereItDoesNotFollow) {
  LogRelay relay;
  relay.query(1, {.query = "mine"}, nodes_named({{"a", true}, {"b", true}}));
  relay.node_down(0, "a", {});
  EXPECT_TRUE(relay.node_up(0, "a").empty());
}

TEST(LogRelay, EndsWhatFollowsWhereTheClientSendsNoMore) {
  LogRelay relay;
  const auto nodes = nodes_named({{"a", true}});
  relay.query(1, {.query = "follows", .follow = true}, nodes);
  relay.query(1, {.query = "ends by itself"}, nodes);
  const auto ended = relay.stop_following(1, {});
  ASSERT_EQ(ended.size(), 2u);
  EXPECT_EQ(std::get<LogsEnd>(std::get<ToClient>(ended[1]).packet).query, "follows");
  EXPECT_TRUE(relay.has_queries_of(1));
}

TEST(LogRelay, BoundsTheQueriesOfOneClient) {
  LogRelay relay;
  for (std::size_t i = 0; i < kMaxLogQueriesPerClient; ++i)
    relay.query(1, {.query = "q" + std::to_string(i)}, nodes_named({{"a", true}}));
  const auto refused = relay.query(1, {.query = "one more"}, nodes_named({{"a", true}}));
  EXPECT_EQ(std::get<Error>(std::get<ToClient>(refused.at(0)).packet).code, ErrorCode::busy);
}

}  // namespace
}  // namespace rota::portal
