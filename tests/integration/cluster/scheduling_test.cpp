// 300 jobs of 20 clients at once, by both of the original's schedulings.

#include <gmock/gmock.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "tests/integration/cluster/cluster.hpp"
#include "tests/support/processes.hpp"

namespace rota::test {
namespace {

using protocol::Schedule;
using ::testing::AnyOf;
using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kClients = 20;
constexpr int kJobsEach = 15;
constexpr int kJobs = kClients * kJobsEach;

// Prints its argument and its input, so that each answer tells which question it belongs to.
constexpr const char* kEcho = R"(
#include <stdio.h>
int main(int count, char** arguments) {
  char line[100];
  if (count != 2 || !fgets(line, sizeof line, stdin)) return 1;
  printf("%s:%s", arguments[1], line);
})";

// One client's jobs, all sent before the first answer is read; returns how many answers were right.
int run_client(const Cluster& cluster, int client, Schedule schedule) {
  auto connection = cluster.connect();
  std::map<std::string, std::string> expected;  // by job id
  for (int i = 0; i < kJobsEach; ++i) {
    auto submit = job("echo.c", kEcho);
    submit.job = "00000000-0000-7000-8000-" + std::to_string(100'000'000'000 + client * 1000 + i);
    submit.arguments = {"client-" + std::to_string(client)};
    submit.stdin_bytes = "job-" + std::to_string(i);
    submit.schedule = schedule;
    expected[submit.job] = submit.arguments[0] + ":" + submit.stdin_bytes;
    connection.send(submit);
  }
  int right = 0;
  for (int i = 0; i < kJobsEach; ++i) {
    const auto result = connection.expect<protocol::Result>();
    const auto question = expected.extract(result.job);  // a second answer finds nothing
    if (result.verdict != protocol::Verdict::AC) ADD_FAILURE() << result.message << result.stderr_bytes;
    if (!question.empty() && question.mapped() == result.stdout_bytes) ++right;
  }
  return right;
}

int run_clients(const Cluster& cluster, Schedule schedule) {
  std::atomic<int> right = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      try {
        right += run_client(cluster, i, schedule);
      } catch (const std::exception& error) {
        ADD_FAILURE() << "client " << i << ": " << error.what();
      }
    });
  }
  for (auto& client : clients) client.join();
  return right;
}

// The node of each job, in the order in which the portal gave them away.
std::vector<std::string> nodes_in_order(const Cluster& cluster) {
  std::vector<std::string> nodes;
  for (const auto& event : events_in(cluster.log_of("portal"))) {
    if (event.name == "dispatched") nodes.push_back(std::get<std::string>(event.fields.at("node")));
  }
  return nodes;
}

// So that every node has room each time.
void run_one_by_one(const Cluster& cluster, Schedule schedule) {
  auto client = cluster.connect();
  for (int i = 0; i < kJobs; ++i) {
    auto next = job("a.sh", "echo " + std::to_string(i));
    next.schedule = schedule;
    ASSERT_EQ(client.submit(next).stdout_bytes, std::to_string(i) + "\n");
  }
}

TEST(Scheduling, RoundRobinGivesEachOfThreeNodesAHundredOfThreeHundredJobsInOrder) {
  Cluster cluster(3);
  run_one_by_one(cluster, Schedule::round_robin);
  const auto nodes = nodes_in_order(cluster);
  ASSERT_EQ(nodes.size(), kJobs);
  for (std::size_t i = 0; i < nodes.size(); ++i)
    ASSERT_EQ(nodes[i], "node-" + std::to_string(i % 3 + 1)) << i;
  for (int node = 1; node <= 3; ++node) {
    int run = 0;
    for (const auto& event : events_in(cluster.log_of("node-" + std::to_string(node))))
      run += event.name == "accepted";
    EXPECT_EQ(run, 100) << "node " << node;
  }
  EXPECT_TRUE(cluster.stop());
}

TEST(Scheduling, RoundRobinUnderLoadAsksEveryNodeThatHasRoom) {
  Cluster cluster(3);
  EXPECT_EQ(run_clients(cluster, Schedule::round_robin), kJobs);
  std::map<std::string, int> counts;
  for (const auto& node : nodes_in_order(cluster)) ++counts[node];
  ASSERT_EQ(counts.size(), 3u);
  for (const auto& [node, count] : counts) EXPECT_GT(count, 50) << node;
  EXPECT_TRUE(cluster.stop());
}

TEST(Scheduling, RandomIsUniformOverThreeNodes) {
  Cluster cluster(3, {"--seed", "20261123"});
  run_one_by_one(cluster, Schedule::random);
  std::map<std::string, double> counts;
  for (const auto& node : nodes_in_order(cluster)) ++counts[node];
  ASSERT_EQ(counts.size(), 3u);
  double chi_square = 0;
  for (const auto& [node, count] : counts) chi_square += (count - 100) * (count - 100) / 100;
  EXPECT_LT(chi_square, 13.816);  // p > 0.001 at two degrees of freedom
  EXPECT_TRUE(cluster.stop());
}

std::set<pid_t> boxes_of(const Cluster& cluster) {
  std::set<pid_t> boxes;
  for (const auto& node : cluster.nodes) {
    for (const pid_t box : children_of(node->pid())) boxes.insert(box);
  }
  return boxes;
}

std::set<std::string> names_of_files_in(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_directory()) names.insert(entry.path().filename());
  }
  return names;
}

TEST(Cluster, LeavesNoProcessCgroupMountOrFileBehindAfterThreeHundredJobs) {
  adopt_orphans();  // so that whatever outlives its parent stands below us
  const auto mounts_before = our_mounts();
  auto cluster = std::make_unique<Cluster>(3);
  auto boxes = boxes_of(*cluster);
  EXPECT_EQ(boxes.size(), 6u) << "two a node";
  EXPECT_EQ(run_clients(*cluster, Schedule::least_loaded), kJobs);
  boxes.merge(boxes_of(*cluster));
  EXPECT_GE(descendants_of(::getpid()).size(), 1u + 3u + 6u) << "the portal, the nodes, their boxes";
  const auto folder = cluster->folder.path();
  EXPECT_TRUE(cluster->stop());

  for (const pid_t left : descendants_of(::getpid())) EXPECT_FALSE(is_running(left)) << command_line_of(left);
  for (const pid_t box : boxes) EXPECT_THAT(cgroups_of_box(box), IsEmpty());
  EXPECT_EQ(our_mounts(), mounts_before);
  // The compiled programs, what marks their folder as such, and the portal's jobs are to stay.
  EXPECT_THAT(names_of_files_in(folder),
              Each(AnyOf("events.log", "jobs.sqlite", "rota-program-store", SizeIs(64))));
  cluster.reset();
  EXPECT_FALSE(std::filesystem::exists(folder));
}

}  // namespace
}  // namespace rota::test
