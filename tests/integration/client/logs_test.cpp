// rota logs: the nodes' logs through the portal.

#include <signal.h>

#include <sstream>

#include "protocol/conversion.hpp"
#include "tests/integration/client/cluster.hpp"

namespace rota::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

class LogsTest : public ClusterTest {
 protected:
  LogsTest() : ClusterTest(2) {}

  // Submits and returns the job's id.
  std::string job_of(const std::string& name, const std::string& source) {
    const auto outcome = submit(name, source, {"--json", "--schedule", "round-robin"});
    return std::get<protocol::Result>(protocol::from_json(outcome.out)).job;
  }

  static std::vector<protocol::Event> events_of(const std::string& lines) {
    std::vector<protocol::Event> events;
    std::istringstream stream(lines);
    for (std::string line; std::getline(stream, line);) events.push_back(protocol::from_log_line(line));
    return events;
  }

  std::vector<protocol::Event> logs(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"logs", "--json"});
    const auto outcome = call(std::move(arguments));
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return events_of(outcome.out);
  }
};

TEST_F(LogsTest, ComeFromAllNodesInTimeOrder) {
  const auto first = job_of("one.sh", "echo 1\n");
  const auto second = job_of("two.sh", "echo 2\n");
  const auto events = logs({});
  EXPECT_TRUE(std::is_sorted(events.begin(), events.end(),
                             [](const auto& a, const auto& b) { return a.time < b.time; }));
  std::set<std::string> hosts, jobs;
  for (const auto& event : events) {
    hosts.insert(event.host);
    jobs.insert(event.job);
  }
  EXPECT_THAT(hosts, testing::IsSupersetOf({"node-1", "node-2"}));
  EXPECT_THAT(jobs, testing::IsSupersetOf({first, second}));
}

TEST_F(LogsTest, CanBeOfOneJobAndOfOneNode) {
  const auto first = job_of("one.sh", "echo 1\n");
  job_of("two.sh", "echo 2\n");
  const auto of_job = logs({"--job", first});
  ASSERT_FALSE(of_job.empty());
  for (const auto& event : of_job) EXPECT_EQ(event.job, first);
  const auto of_node = logs({"--node", "node-2"});
  ASSERT_FALSE(of_node.empty());
  for (const auto& event : of_node) EXPECT_EQ(event.host, "node-2");
}

TEST_F(LogsTest, CanBeYoungerThanATime) {
  job_of("one.sh", "echo 1\n");
  EXPECT_FALSE(logs({"--since", "1h"}).empty());
  EXPECT_TRUE(logs({"--since", "2261-01-01T00:00:00Z"}).empty());
}

TEST_F(LogsTest, AreReadableWithTimeAndJobWithoutJson) {
  const auto job = job_of("one.sh", "echo 1\n");
  const auto outcome = call({"logs", "--job", job});
  EXPECT_THAT(outcome.out, HasSubstr("Z  " + job));
  EXPECT_THAT(outcome.out, HasSubstr("run.finished"));
}

TEST_F(LogsTest, GoOnWithNewLinesWhereFollowed) {
  Command command(home_, {"logs", "--follow"}, {.environment = environment_});
  const auto first = job_of("one.sh", "echo 1\n");
  command.await_out(first);
  const auto second = job_of("two.sh", "echo 2\n");
  command.await_out(second);
  command.signal(SIGINT);
  EXPECT_EQ(command.finish().status, 130);
}

TEST_F(LogsTest, NameTheNodesThatCannotBeAsked) {
  job_of("one.sh", "echo 1\n");
  nodes_[1]->stop();
  const auto outcome = call({"logs"});
  EXPECT_EQ(outcome.status, 75);
  EXPECT_THAT(outcome.out, HasSubstr("node-1"));
  EXPECT_THAT(outcome.err, HasSubstr("could not be asked"));
}

TEST_F(LogsTest, OfANodeThatDoesNotExistAreAnError) {
  const auto outcome = call({"logs", "--node", "nobody"});
  EXPECT_EQ(outcome.status, 64);
  EXPECT_THAT(outcome.err, HasSubstr("unknown_node"));
}

}  // namespace
}  // namespace rota::test
