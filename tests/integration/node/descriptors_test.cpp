// A node that may open few descriptors: what it keeps open leaves enough for its work.
#include <gmock/gmock.h>

#include <fstream>
#include <list>

#include "tests/integration/node/node_fixture.hpp"

namespace rota::test {
namespace {

using protocol::Verdict;
using testing::HasSubstr;

class Descriptors : public NodeTest {
 protected:
  static constexpr int kLimit = 64;
  static constexpr int kShare = kLimit / 4;

  void SetUp() override {
    // Its compiler only copies, so that many programs are quickly made.
    const auto table = folder.path() / "text.json";
    std::ofstream(table) << R"({"name": "Text", "extensions": ["txt"],
        "compile": {"argv": ["/bin/cp", "{source}", "{output}"], "outputs": ["program"]},
        "run": {"argv": ["/bin/cat", "{output}", "{arguments}"]}})";
    const std::string limits = "--nofile=" + std::to_string(kLimit) + ":" + std::to_string(kLimit);
    std::vector<std::string> command{limits,
                                     program_path("rota-node"),
                                     "0",
                                     "--slots",
                                     "1",
                                     "--name",
                                     "node-1",
                                     "--languages",
                                     table,
                                     "--state-dir",
                                     folder.path() / "state"};
    for (auto& flag : flags_of_test_nodes()) command.push_back(flag);
    node = std::make_unique<Daemon>("/usr/bin/prlimit", command);
  }

  void expect_that_it_works(const std::string& text) const {
    const auto result = submit(job("file.txt", text));
    EXPECT_EQ(result.verdict, Verdict::AC) << result.message << result.compiler_output;
    EXPECT_EQ(result.stdout_bytes, text);
  }

  static void ping(PacketClient& client) {
    client.send(protocol::Ping{7});
    client.expect<protocol::Pong>();
  }
};

TEST_F(Descriptors, OfCachedProgramsAreBounded) {
  for (int i = 0; i < 2 * kLimit; ++i) expect_that_it_works(std::to_string(i));
}

TEST_F(Descriptors, OfConnectionsAreBoundedAndWhoIsTooManyIsToldSo) {
  std::list<PacketClient> clients;
  for (int i = 0; i < kShare; ++i) ping(clients.emplace_back(connect()));
  PacketClient one_more = connect();
  const auto error = one_more.expect<protocol::Error>();
  EXPECT_EQ(error.code, protocol::ErrorCode::busy);
  EXPECT_THAT(error.message, HasSubstr("16 connections"));
  EXPECT_EQ(one_more.next(), std::nullopt);
  EXPECT_EQ(logged("connection.refused").size(), 1u);
  EXPECT_EQ(clients.front().submit(job("file.txt", "text")).stdout_bytes, "text");
  clients.pop_back();
  ASSERT_TRUE(becomes_true([&] { return !logged("connection.closed").empty(); }));
  expect_that_it_works("there is room again");
}

TEST_F(Descriptors, ThatLogQueriesUseUpEndQueriesAndNotTheNode) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "NOT TESTED under sanitizers: theirs looks at memory through a pipe, and there are no "
                  "descriptors left";
#endif
  PacketClient client = connect();
  protocol::LogsQuery query;
  query.follow = true;
  for (int i = 0; i < kLimit; ++i) {
    query.query = std::to_string(i);
    client.send(query);
  }
  auto packet = client.next();
  while (packet && std::holds_alternative<protocol::LogLine>(*packet)) packet = client.next();
  ASSERT_TRUE(packet);
  const auto& error = std::get<protocol::Error>(*packet);
  EXPECT_EQ(error.code, protocol::ErrorCode::internal);
  EXPECT_THAT(error.message, HasSubstr("Too many open files"));
  client.reset_connection();
  ASSERT_TRUE(becomes_true([&] { return !logged("connection.closed").empty(); }));
  expect_that_it_works("text");
}

}  // namespace
}  // namespace rota::test
