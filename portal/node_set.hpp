#pragma once
// The portal's nodes, and which of them gets the next job. Sans-IO: the same calls with the same seed always give the same
// choices. Only nodes that can take the job now are chosen from (they are up, have a free slot, accept its language and have
// its labels):
//   random        uniformly among them;
//   round-robin   1, 2, … N in order over all jobs that ask for it;
//   least-loaded  the smallest jobs / slots, and of equals who was given a job longest ago.
// A choice costs the logarithm of the number of nodes, times the number of kinds of node (what they accept and their labels).

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "portal/store.hpp"

namespace rota::portal {

// What a node takes.
struct NodeKind {
  std::vector<std::string> accepts;  // sorted; empty: not told, so that everything is tried
  std::vector<std::string> labels;   // sorted
  auto operator<=>(const NodeKind&) const = default;
};

class NodeSet {
 public:
  // A node with so many bytes of unanswered submissions gets no more for now. With one more of the largest jobs, as JSON (four
  // thirds), it stays below what a connection queues (net/stream.hpp).
  static constexpr std::uint64_t kFullBytes = 16 << 20;

  explicit NodeSet(std::uint64_t seed) : random_(seed) {}

  NodeIndex add();
  std::size_t size() const { return nodes_.size(); }

  // It takes jobs of this kind, so many at a time. slots above zero.
  void open(NodeIndex node, NodeKind kind, std::uint32_t slots);
  // It takes none; what it has stays counted, and what only it accepts waits for it.
  void close(NodeIndex node);
  // It is closed, and nothing waits for it any more.
  void forget(NodeIndex node);
  // Until this is called, what no node accepts waits for those that have never been open.
  void wait_no_more() { waits_for_untold_ = false; }
  bool is_open(NodeIndex node) const { return nodes_[node].open; }

  std::size_t free_slots() const { return free_slots_; }
  std::uint32_t jobs(NodeIndex node) const { return nodes_[node].jobs; }

  bool can_take(const JobInfo& job) const;
  // The chosen node has the job from now on. avoided: chosen only where no other can take it.
  std::optional<NodeIndex> take(const JobInfo& job, std::optional<NodeIndex> avoided);
  // Counts a job that the node has by itself.
  void hold(NodeIndex node, std::uint64_t bytes);
  // The node has the job no more.
  void release(NodeIndex node, std::uint64_t bytes);

 private:
  struct Rank {  // in the order of least load
    std::uint64_t load;
    std::uint64_t served;
    NodeIndex node;
    auto operator<=>(const Rank&) const = default;
  };
  struct Group {            // nodes of one kind
    std::size_t nodes = 0;  // that were of this kind when they were open last
    std::size_t open = 0;
    std::set<Rank> by_load;  // those that have room, in each of these
    std::set<NodeIndex> in_order;
    std::vector<NodeIndex> any;
  };
  using Groups = std::map<NodeKind, Group>;
  struct Node {
    Groups::iterator group;
    bool has_come = false;  // been open, ever
    bool open = false;
    bool has_room = false;
    std::uint32_t slots = 1;
    std::uint32_t jobs = 0;
    std::uint64_t bytes = 0;
    std::uint64_t served = 0;
    std::size_t place = 0;  // in Group::any
  };

  static bool has_labels(const NodeKind& kind, const JobInfo& job);
  static bool accepts(const NodeKind& kind, const std::string& need);
  bool goes_anywhere(const std::string& need) const;
  std::vector<Groups::iterator> groups_for(const JobInfo& job);
  std::optional<NodeIndex> pick(protocol::Schedule schedule, const std::vector<Groups::iterator>& groups);
  NodeIndex pick_random(const std::vector<Groups::iterator>& groups);
  NodeIndex pick_next(const std::vector<Groups::iterator>& groups);
  static NodeIndex pick_least_loaded(const std::vector<Groups::iterator>& groups);
  Rank rank_of(NodeIndex node) const;
  void enter(NodeIndex node);
  void leave(NodeIndex node);
  template <typename Change>
  void change(NodeIndex node, Change&& change);

  std::mt19937_64 random_;
  std::vector<Node> nodes_;
  Groups groups_;
  std::size_t free_slots_ = 0;
  std::size_t untold_ = 0;  // nodes that have never been open
  bool waits_for_untold_ = true;
  NodeIndex round_robin_turn_ = 0;
  std::uint64_t services_ = 0;
};

}  // namespace rota::portal
