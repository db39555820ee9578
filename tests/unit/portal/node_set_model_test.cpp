// Long random sequences against a model that looks at every node each time.

#include <gmock/gmock.h>

#include <algorithm>

#include "portal/node_set.hpp"

namespace rota::portal {
namespace {

using protocol::Schedule;

// What node_set.hpp says, in the plainest words.
class Model {
 public:
  struct Node {
    bool open = false;
    bool has_come = false;  // been open, ever
    bool is_known = false;  // it has been open, and is not forgotten
    NodeKind kind;
    std::uint32_t slots = 0;
    std::uint32_t jobs = 0;
    std::uint64_t bytes = 0;
    std::uint64_t served = 0;
  };

  // Those that the job may be given to.
  std::vector<NodeIndex> choices(const JobInfo& job, std::optional<NodeIndex> avoided) const {
    std::vector<NodeIndex> found;
    for (NodeIndex i = 0; i < nodes.size(); ++i) {
      if (has_room(nodes[i]) && suits(nodes[i], job)) found.push_back(i);
    }
    if (found.size() > 1) std::erase_if(found, [&](NodeIndex node) { return avoided && node == *avoided; });
    return found;
  }

  // The one that it has to be; nullopt: any of them.
  std::optional<NodeIndex> only(const JobInfo& job, const std::vector<NodeIndex>& choices) const {
    if (job.schedule == Schedule::random) return std::nullopt;
    if (job.schedule == Schedule::round_robin) {
      const auto next = std::find_if(choices.begin(), choices.end(), [&](NodeIndex i) { return i >= turn; });
      return next == choices.end() ? choices.front() : *next;
    }
    return *std::min_element(choices.begin(), choices.end(), [&](NodeIndex a, NodeIndex b) {
      // jobs / slots, without a fraction
      const std::uint64_t load_a = std::uint64_t{nodes[a].jobs} * nodes[b].slots;
      const std::uint64_t load_b = std::uint64_t{nodes[b].jobs} * nodes[a].slots;
      return std::tie(load_a, nodes[a].served, a) < std::tie(load_b, nodes[b].served, b);
    });
  }

  void give(NodeIndex node, const JobInfo& job) {
    nodes[node].served = ++services;
    ++nodes[node].jobs;
    nodes[node].bytes += job.bytes;
    if (job.schedule == Schedule::round_robin) turn = node + 1;
  }

  std::size_t free_slots() const {
    std::size_t free = 0;
    for (const Node& node : nodes) free += has_room(node) ? node.slots - node.jobs : 0;
    return free;
  }

  std::vector<Node> nodes;
  NodeIndex turn = 0;
  std::uint64_t services = 0;
  bool waits_for_unknown = true;

 private:
  static bool has_room(const Node& node) {
    return node.open && node.jobs < node.slots && node.bytes < NodeSet::kFullBytes;
  }
  static bool accepts(const Node& node, const std::string& need) {
    const auto& list = node.kind.accepts;
    return list.empty() || std::find(list.begin(), list.end(), need) != list.end();
  }
  bool suits(const Node& node, const JobInfo& job) const {
    const bool anywhere = std::none_of(nodes.begin(), nodes.end(), [&](const Node& other) {
      if (!other.has_come) return waits_for_unknown;
      return other.is_known && (other.open || !other.kind.accepts.empty()) && accepts(other, job.need);
    });
    const auto& labels = node.kind.labels;
    return (anywhere || accepts(node, job.need)) &&
           std::all_of(job.labels.begin(), job.labels.end(), [&](const std::string& label) {
             return std::find(labels.begin(), labels.end(), label) != labels.end();
           });
  }
};

class NodeSetModelTest : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  static constexpr NodeIndex kNodes = 12;
  static constexpr int kSteps = 20'000;

  NodeSetModelTest() {
    for (NodeIndex i = 0; i < kNodes; ++i) set_.add();
    model_.nodes.resize(kNodes);
  }

  std::size_t below(std::size_t count) { return random_() % count; }

  NodeKind any_kind() {
    static const std::vector<NodeKind> kinds{{{"c"}, {}},      {{"c", "java"}, {}},
                                             {{"c"}, {"gpu"}}, {{"java", "python"}, {"big", "gpu"}},
                                             {{}, {}},         {{"python"}, {}}};
    // Mostly those that say what they accept: one that does not takes everything.
    return kinds[below(10) == 0 ? 4 : below(4)];
  }
  JobInfo any_job() {
    static const std::vector<std::string> needs{"c", "java", "python", "cobol"};
    JobInfo job{.need = needs[below(needs.size())], .schedule = static_cast<Schedule>(below(3))};
    if (below(4) == 0) job.labels = {"gpu"};
    if (below(12) == 0) job.labels = {"gpu", "big"};
    job.bytes = below(20) == 0 ? NodeSet::kFullBytes / 2 : below(1000);
    return job;
  }

  void take() {
    const JobInfo job = any_job();
    const auto avoided = below(3) == 0 ? std::optional<NodeIndex>(below(kNodes)) : std::nullopt;
    const auto choices = model_.choices(job, avoided);
    ASSERT_EQ(set_.can_take(job), !choices.empty());
    const auto chosen = set_.take(job, avoided);
    ASSERT_EQ(chosen.has_value(), !choices.empty());
    if (!chosen) return;
    ASSERT_EQ(*chosen, model_.only(job, choices).value_or(*chosen));
    ASSERT_TRUE(std::find(choices.begin(), choices.end(), *chosen) != choices.end());
    model_.give(*chosen, job);
    held_.emplace_back(*chosen, job.bytes);
  }
  void hold() {
    const NodeIndex node = below(kNodes);
    const std::uint64_t bytes = below(1000);
    set_.hold(node, bytes);
    ++model_.nodes[node].jobs;
    model_.nodes[node].bytes += bytes;
    held_.emplace_back(node, bytes);
  }
  void release() {
    if (held_.empty()) return;
    std::swap(held_[below(held_.size())], held_.back());
    const auto [node, bytes] = held_.back();
    held_.pop_back();
    set_.release(node, bytes);
    --model_.nodes[node].jobs;
    model_.nodes[node].bytes -= bytes;
  }
  void open_or_close() {
    const NodeIndex node = below(kNodes);
    model_.nodes[node].open = below(3) != 0;
    if (!model_.nodes[node].open && below(2) == 0) return set_.close(node);
    model_.nodes[node].is_known = model_.nodes[node].open;
    model_.nodes[node].has_come |= model_.nodes[node].open;
    if (!model_.nodes[node].open) return set_.forget(node);
    model_.nodes[node].kind = any_kind();
    model_.nodes[node].slots = static_cast<std::uint32_t>(1 + below(5));
    set_.open(node, model_.nodes[node].kind, model_.nodes[node].slots);
  }
  void step() {
    const auto dice = below(100);
    if (dice < 55) return take();
    if (dice < 58) return hold();
    if (dice < 95) return release();
    open_or_close();
  }

  std::mt19937_64 random_{GetParam()};
  NodeSet set_{GetParam()};
  Model model_;
  std::vector<std::pair<NodeIndex, std::uint64_t>> held_;
};

TEST_P(NodeSetModelTest, ChoosesAsAModelThatLooksAtEveryNode) {
  for (int i = 0; i < kSteps; ++i) {
    if (i == kSteps / 2) {
      set_.wait_no_more();
      model_.waits_for_unknown = false;
    }
    ASSERT_NO_FATAL_FAILURE(step()) << "step " << i;
    ASSERT_EQ(set_.free_slots(), model_.free_slots()) << "step " << i;
  }
  while (!held_.empty()) release();
  for (NodeIndex node = 0; node < kNodes; ++node) EXPECT_EQ(set_.jobs(node), 0u);
  EXPECT_EQ(set_.free_slots(), model_.free_slots());
}

INSTANTIATE_TEST_SUITE_P(Seeds, NodeSetModelTest, ::testing::Values(1, 2, 3, 4));

}  // namespace
}  // namespace rota::portal
