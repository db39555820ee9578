#pragma once
// The world around a portal, driven by dice: nodes that keep the protocol and lose their connections and their lives, clients
// that submit, wait, cancel and vanish, a journal that fails, a portal that is killed. Beside it stands what must hold
// whatever happens; what does not is a test failure.

#include <deque>
#include <map>
#include <random>
#include <set>

#include "tests/unit/portal/portal_bench.hpp"

namespace rota::portal {

// A node as judge-node/lease_book.hpp describes one, with the packets that are under way to and from it.
class RandomNode {
 public:
  struct Held {
    std::uint32_t attempt = 0;
    std::optional<protocol::Result> result;
    bool is_lost =
        false;  // nobody was promised it, and the portal that gave it has died before it was on the disk
  };

  RandomNode(NodeIndex index, bool of_version_1, std::uint32_t slots)
      : index_(index), of_version_1_(of_version_1), slots_(slots) {}

  protocol::Hello hello() const;
  bool is_connected() const { return is_connected_; }
  void connect();
  void disconnect(Nanoseconds now);
  void start_again(Nanoseconds now);
  // Ends what it runs once it has been alone for so long.
  void fence(Nanoseconds now, std::chrono::milliseconds fence_after);

  void sent(protocol::Packet packet);
  bool has_packet() const { return !to_node_.empty(); }
  void take_packet(std::mt19937_64& random);
  std::optional<protocol::Packet> next_for_portal();
  // It has run one of its jobs to the end.
  void finish_a_job(std::mt19937_64& random, bool may_fail);
  void say(protocol::Packet packet) { to_portal_.push_back(std::move(packet)); }
  // Its portal knows nothing of the job any more.
  void lose(const std::string& job);

  // But for one that is lost.
  bool runs(const std::string& job) const;
  bool is_empty() const { return held_.empty(); }
  bool is_of_version_1() const { return of_version_1_; }
  std::uint32_t slots() const { return slots_; }

 private:
  void take(const protocol::Submit& submit, std::mt19937_64& random);
  void forget(const std::string& job, std::uint32_t attempt);
  void tell_holdings();

  NodeIndex index_;
  bool of_version_1_;
  std::uint32_t slots_;
  int life_ = 1;
  int made_ = 0;  // results, each unlike all others
  bool is_connected_ = false;
  Nanoseconds alone_since_{};
  std::map<std::string, Held> held_;
  std::deque<protocol::Packet> to_node_, to_portal_;
};

class RandomWorld {
 public:
  explicit RandomWorld(std::uint64_t seed);

  // Something happens.
  void step();
  // Everything works again; every promise that was made has to be kept now. It may go on afterwards.
  void settle();

 private:
  struct Client {
    Peer peer;
    std::set<std::string> waits;  // for jobs
  };

  std::size_t below(std::size_t count) { return random_() % count; }
  std::string any_job();
  Client& any_client();
  RandomNode& any_node() { return nodes_[below(nodes_.size())]; }

  void submit(Client& client, const std::string& job);
  void wait(Client& client, const std::string& job);
  void cancel(Client& client, const std::string& job);
  void ask_in_haste();
  void drain();
  void change_clients();
  void deliver_one();
  void deliver_all();
  void deliver_to_portal(NodeIndex node, protocol::Packet packet);
  void say_nonsense();
  void journal_step();
  void connect(NodeIndex node);
  void disconnect(NodeIndex node);
  void start_node_again(NodeIndex node);
  void pass(std::chrono::milliseconds time);
  void kill_portal();
  void note_asked_for(const std::string& job, bool reaches_store);
  bool has_room(const Client& client);
  void lose_unwritten();

  void look_at_actions();
  void look_at(const ToClient& action);
  void look_at(const ToNode& action);
  void look_at_error(Client& client, const protocol::Error& error);
  void look_at_answer(Client& client, const std::string& job, const protocol::Packet& answer);
  void look_at_nodes();
  // Whatever is said of it has to be on the disk.
  bool is_strict(const std::string& job) const { return accepted_.contains(job) || asked_for_.contains(job); }

  void heal();
  void finish_writing();
  bool work_until_idle();
  void ask_for_all_answers();
  void require_that_nothing_is_left();
  void submit_fillers();
  void require_that_every_seat_is_free();

  std::mt19937_64 random_;
  DispatcherBounds bounds_;
  PortalBench portal_;
  std::vector<RandomNode> nodes_;
  std::map<ClientId, Client> clients_;
  ClientId last_client_ = 0;
  int submissions_ = 0;
  int fillers_ = 0;                                        // jobs that only take seats
  std::map<std::string, std::string> accepted_;            // by job, its user
  std::map<std::string, protocol::Packet> answers_;        // that anybody got
  std::set<std::pair<std::string, std::uint32_t>> begun_;  // attempts
  std::set<std::string> asked_for_;  // begun, and then acknowledged or asked for by somebody
};

}  // namespace rota::portal
