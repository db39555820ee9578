// rota nodes, and the choice of the schedule.

#include "tests/integration/client/cluster.hpp"
#include "protocol/conversion.hpp"
#include "tests/support/processes.hpp"

namespace rota::test {
namespace {

using testing::HasSubstr;

class NodesTest : public ClusterTest {
 protected:
  NodesTest() : ClusterTest(2) {}

  std::vector<protocol::NodeStatus> nodes() {
    return std::get<protocol::Nodes>(protocol::from_json(call({"nodes", "--json"}).out)).nodes;
  }
};

TEST_F(NodesTest, AreATable) {
  const auto outcome = call({"nodes"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, testing::StartsWith("NAME    ADDRESS"));
  EXPECT_THAT(outcome.out, HasSubstr("node-1  " + nodes_[0]->address()));
  EXPECT_THAT(outcome.out, HasSubstr("node-2  " + nodes_[1]->address()));
}

TEST_F(NodesTest, AreAPacketAsJson) {
  const auto known = nodes();
  ASSERT_EQ(known.size(), 2u);
  EXPECT_EQ(known[0].name, "node-1");
  EXPECT_TRUE(known[0].up);
  EXPECT_EQ(known[0].slots, 2u);
}

TEST_F(NodesTest, ThatAreDownAreShownWithTheReason) {
  nodes_[1]->stop();
  ASSERT_TRUE(becomes_true([this] { return !nodes()[1].up; }));
  const auto outcome = call({"nodes"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr("down"));
  EXPECT_FALSE(nodes()[1].problem.empty());
}

TEST_F(NodesTest, TakeTurnsWhereTheClientChoosesRoundRobin) {
  std::vector<std::string> taken;
  for (int i = 0; i < 4; ++i) {
    const auto outcome = submit("hello.sh", "echo hello\n", {"--json", "--schedule", "2"});
    taken.push_back(std::get<protocol::Result>(protocol::from_json(outcome.out)).node);
  }
  EXPECT_THAT(taken, testing::ElementsAre("node-1", "node-2", "node-1", "node-2"));
}

}  // namespace
}  // namespace rota::test
