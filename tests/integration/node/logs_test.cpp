// Questions about the node's log.
#include <gmock/gmock.h>

#include <fstream>

#include "protocol/conversion.hpp"
#include "protocol/job_id.hpp"
#include "tests/integration/node/node_fixture.hpp"

namespace rota::test {
namespace {

using protocol::LogLine;
using protocol::LogsEnd;
using protocol::LogsQuery;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

// All lines, under this name.
LogsQuery query(const std::string& name = "q") {
  LogsQuery made;
  made.query = name;
  return made;
}

LogsQuery query_of_node(const std::string& node) {
  LogsQuery made = query();
  made.node = node;
  return made;
}

LogsQuery query_of_job(const std::string& job_id) {
  LogsQuery made = query();
  made.job = job_id;
  return made;
}

LogsQuery following(LogsQuery made) {
  made.follow = true;
  return made;
}

class Logs : public NodeTest {
 protected:
  // All lines up to the logs_end.
  static std::vector<protocol::Event> answer(PacketClient& client, const LogsQuery& asked) {
    client.send(asked);
    std::vector<protocol::Event> events;
    while (true) {
      auto packet = client.next();
      if (!packet) throw std::runtime_error("closed without a logs_end");
      if (auto* line = std::get_if<LogLine>(&*packet)) {
        EXPECT_EQ(line->query, asked.query);
        events.push_back(std::move(line->event));
      } else {
        EXPECT_EQ(std::get<LogsEnd>(*packet).query, asked.query);
        return events;
      }
    }
  }

  std::vector<protocol::Event> ask(const LogsQuery& asked) const {
    PacketClient client = connect();
    return answer(client, asked);
  }

  // A log of an earlier life of the node: `files` rotated files of that many lines each, one line a second.
  void write_old_logs(int files, int lines_in_file) {
    std::filesystem::create_directories(log_file().parent_path());
    int second = 0;
    for (int number = files; number > 0; --number) {
      std::ofstream file(log_file().string() + "." + std::to_string(number));
      for (int i = 0; i < lines_in_file; ++i) file << protocol::to_log_line(old_event(second++)) << '\n';
    }
  }

  static protocol::Event old_event(int second) {
    return {.time = UtcTime(std::chrono::hours(400'000) + std::chrono::seconds(second)),
            .offset = {},
            .host = "node-1",
            .job = {},
            .name = "old",
            .fields = {{"number", std::int64_t{second}}, {"padding", std::string(1000, 'x')}}};
  }
};

TEST_F(Logs, HoldTheNodesStart) {
  start_node();
  const auto names = names_of(ask(query()));
  EXPECT_EQ(std::count(names.begin(), names.end(), "box.started"), 2);
  EXPECT_THAT(names, Contains("node.started"));
}

TEST_F(Logs, OfOneJobAreItsTimeline) {
  start_node();
  submit(example("hello.sh"));
  const auto result = submit(example("hello.c"));
  EXPECT_EQ(ask(query_of_job(result.job)), result.events);
}

TEST_F(Logs, SinceATimeLeaveOutWhatWasBefore) {
  write_old_logs(1, 10);
  start_node();
  LogsQuery asked = query();
  asked.since = old_event(7).time;
  const auto events = ask(asked);
  ASSERT_GE(events.size(), 3u);
  EXPECT_EQ(events[0], old_event(7));
  EXPECT_EQ(events[2], old_event(9));
}

TEST_F(Logs, OfAnotherNodeAreNotHere) {
  start_node();
  EXPECT_THAT(ask(query_of_node("node-2")), IsEmpty());
  EXPECT_FALSE(ask(query_of_node("node-1")).empty());
}

TEST_F(Logs, ComeFromRotatedFilesOldestFirst) {
  write_old_logs(3, 1'000);
  start_node();
  const auto events = ask(query());
  ASSERT_GT(events.size(), 3'000u);
  for (int i = 0; i < 3'000; ++i) ASSERT_EQ(events[static_cast<std::size_t>(i)], old_event(i));
}

TEST_F(Logs, OtherPeersAreAnsweredWhileALongLogIsRead) {
  write_old_logs(4, 2'500);
  start_node();
  PacketClient reader = connect();
  reader.send(following(query()));
  reader.expect<LogLine>();
  PacketClient other = connect();
  other.send(protocol::Ping{1});
  other.expect<protocol::Pong>();
  // The reader takes nothing more: the node must hold back, not fill its memory or end the connection.
  expect_that_the_node_is_fine();
  int lines = 1;
  while (reader.expect<LogLine>().event.name == "old") ++lines;
  EXPECT_EQ(lines, 10'000);
}

TEST_F(Logs, FollowNewLinesUntilStopped) {
  start_node();
  PacketClient client = connect();
  const auto id = protocol::make_job_id(now().utc);
  client.send(following(query_of_job(id)));
  client.send(protocol::Ping{1});
  client.expect<protocol::Pong>();  // nothing of that job yet
  auto hello = example("hello.sh");
  hello.job = id;
  const auto result = submit(hello);
  for (const auto& event : result.events) EXPECT_EQ(client.expect<LogLine>().event, event);
  client.send(protocol::LogsStop{"q"});
  EXPECT_EQ(client.expect<LogsEnd>().query, "q");
  submit(example("hello.sh"));
  client.send(protocol::Ping{2});
  EXPECT_EQ(client.expect<protocol::Pong>().number, 2u) << "no lines after the end";
}

TEST_F(Logs, QueriesOnOneConnectionAreKeptApart) {
  start_node();
  PacketClient client = connect();
  client.send(following(query("a")));
  client.expect<LogLine>();
  client.send(query("a"));
  while (true) {
    const auto packet = client.next();
    ASSERT_TRUE(packet);
    if (std::holds_alternative<LogLine>(*packet)) continue;
    EXPECT_EQ(std::get<protocol::Error>(*packet).code, protocol::ErrorCode::duplicate_job);
    break;
  }
}

TEST_F(Logs, ThatCannotBeReadEndTheirQueryAndNothingElse) {
  std::filesystem::create_directories(log_file().string() + ".1/a-folder-is-no-log");
  start_node();
  PacketClient client = connect();
  client.send(query("broken"));
  const auto error = client.expect<protocol::Error>();
  EXPECT_EQ(error.code, protocol::ErrorCode::internal);
  EXPECT_EQ(error.job, "broken");
  EXPECT_THAT(error.message, HasSubstr("the log cannot be read"));
  client.send(query("broken"));
  EXPECT_EQ(client.expect<protocol::Error>().job, "broken") << "the name is free again";
  expect_that_the_node_is_fine();
}

TEST_F(Logs, AreSentToAsManyQueriesAtOnceAsAPortalRelays) {
  start_node();
  PacketClient client = connect();
  for (int i = 0; i < 64; ++i) {
    LogsQuery asked = following(query_of_job(protocol::make_job_id(now().utc)));
    asked.query = std::to_string(i);
    client.send(asked);
  }
  client.send(protocol::Ping{1});
  client.expect<protocol::Pong>();
  client.send(query("one more"));
  EXPECT_EQ(client.expect<protocol::Error>().code, protocol::ErrorCode::busy);
}

TEST_F(Logs, AFollowerThatEndsItsDirectionGetsWhatIsWrittenAndTheEnd) {
  write_old_logs(1, 1'000);
  start_node();
  PacketClient client = connect();
  client.send(following(query()));
  client.finish_sending();
  for (int i = 0; i < 1'000; ++i) ASSERT_EQ(client.expect<LogLine>().event, old_event(i));
  auto packet = client.next();
  while (packet && std::holds_alternative<LogLine>(*packet)) packet = client.next();
  ASSERT_TRUE(packet && std::holds_alternative<LogsEnd>(*packet));
  EXPECT_EQ(client.next(), std::nullopt);
}

TEST_F(Logs, AFollowerThatWaitsAndThenEndsItsDirectionGetsTheEnd) {
  start_node();
  PacketClient client = connect();
  client.send(following(query_of_job(protocol::make_job_id(now().utc))));
  client.send(protocol::Ping{1});
  client.expect<protocol::Pong>();
  client.finish_sending();
  EXPECT_EQ(client.expect<LogsEnd>().query, "q");
  EXPECT_EQ(client.next(), std::nullopt);
}

TEST_F(Logs, AReaderThatEndsItsDirectionIsAnswered) {
  start_node();
  PacketClient client = connect();
  client.send(query_of_node("node-2"));
  client.finish_sending();
  EXPECT_EQ(client.expect<LogsEnd>().query, "q");
  EXPECT_EQ(client.next(), std::nullopt);
}

}  // namespace
}  // namespace rota::test
