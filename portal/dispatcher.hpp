#pragma once
// The portal's logic: jobs from clients into the store, from the store to nodes, and answers back. Sans-IO: takes what
// happened, and says through `out` what to do; the clock and the store are handed in.
//
// A job that a node has is *leased*: the node has it under an attempt number, and keeps it while the connection is lost.
// The lease ends with its result, with the node's new life (another session), or when the node has not been back for
// `grace`; the node, told of a shorter time, has ended the job by then (protocol/PROTOCOL.md, `lease`). An attempt that
// came to nothing by no fault of the program is made again elsewhere, kMaxAttempts in all; then the answer is IE, with the
// history. What an older attempt says is dropped, by the store's guard.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/time.hpp"
#include "portal/actions.hpp"
#include "portal/node_set.hpp"
#include "portal/pace.hpp"
#include "portal/store.hpp"
#include "portal/watchers.hpp"

namespace rota::portal {

// Who sent a packet.
struct Peer {
  ClientId client = 0;
  std::string user = "local";
  bool is_admin = true;  // reaches every user's jobs, and high priorities
};

struct DispatcherBounds {
  std::size_t jobs_per_client = 1024;         // unanswered, one connection
  std::chrono::milliseconds node_wait{3000};  // while no node is up, of jobs that were not acknowledged
  std::chrono::milliseconds grace{10'000};    // of a node that is away
  std::chrono::milliseconds fence_after{6000};
  std::chrono::milliseconds rest{500};  // of a node that was busy
  std::chrono::minutes farewell{10};    // so long what only an absent node accepts waits for it
  std::chrono::milliseconds first_self_test{
      1000};  // of a quarantined node; each further one after twice the time
  std::chrono::milliseconds longest_self_test{60'000};
};

class Dispatcher : private Seats {
 public:
  static constexpr std::uint32_t kMaxAttempts = 3;
  static constexpr int kFailuresToQuarantine = 3;  // in a row

  using Out = std::function<void(Action)>;
  using Clock = std::function<Instant()>;

  // name: this portal's, for events. The store outlives the dispatcher.
  Dispatcher(std::string name, std::uint64_t seed, Store& store, Clock clock, Out out,
             DispatcherBounds bounds = {});

  // Takes up what the store has; on_open is called once that is done. Nodes may come from then on.
  void start(std::function<void()> on_open);
  bool is_open() const { return open_; }

  // address: for messages.
  NodeIndex add_node(const std::string& address);

  void submit(const Peer& peer, protocol::Submit submit);
  void wait(const Peer& peer, const protocol::Wait& wait);
  void cancel(const Peer& peer, const protocol::Cancel& cancel);
  // Its jobs go on.
  void client_gone(ClientId client) { watchers_.remove(client); }

  // One of version 1 has no session: it has lost what it had with its connection.
  void node_up(NodeIndex node, const protocol::Hello& hello);
  void holdings(NodeIndex node, const protocol::Holdings& holdings);
  // reason is also told while the node stays down.
  void node_down(NodeIndex node, const std::string& reason);
  void result(NodeIndex node, protocol::Result result);
  void refused(NodeIndex node, const protocol::Error& error);
  void live_event(NodeIndex node, const protocol::Event& event);
  void self_tested(NodeIndex node, const std::string& problem);
  // By itself.
  void node_drains(NodeIndex node, bool on);
  // By an administrator. False: no node of this name or address.
  bool drain(const std::string& name, bool on);

  // Deadlines, graces, self-tests. To be called now and then.
  void tick();

  std::size_t jobs_of(ClientId client) const { return watchers_.jobs_of(client); }
  // Whether there is anything about any job in memory; once all are finished, there is not.
  bool has_jobs_in_hand() const;
  protocol::Nodes nodes() const;
  // As people know it: by its hello, or its address before that.
  const std::string& name_of(NodeIndex node) const;

 private:
  struct Node {
    std::string address;
    protocol::Hello hello;  // the last
    bool up = false;
    bool ready = false;  // up, and what it holds is known
    bool drains = false;
    bool drained = false;  // by an administrator
    bool quarantined = false;
    int failures = 0;  // in a row
    std::string problem = "not connected yet";
    std::optional<Nanoseconds> down_since;   // monotonic
    std::optional<Nanoseconds> away_since;   // while it is away with jobs
    std::optional<Nanoseconds> rests_until;  // it was busy
    Nanoseconds next_self_test{};
    std::chrono::milliseconds self_test_pause{};
    std::set<std::string> jobs;
  };
  struct Lease {
    JobInfo info;
    std::optional<NodeIndex> node;      // absent: an earlier life of the portal gave it away
    std::vector<protocol::Event> live;  // that the node has told
  };
  struct Ending {  // the store has not yet taken the result
    NodeIndex node;
    std::uint32_t attempt;
  };
  struct Adoption {  // of an attempt that this portal did not give away; the store is being asked
    NodeIndex node;
    std::uint32_t attempt;
    std::string session;  // of the node, when it told
    std::optional<protocol::Result> result;
  };
  using Leases = std::unordered_map<std::string, Lease>;
  struct Asked {  // by a submission
    bool acknowledge = false;
    bool replay = false;  // of events; where this client did not want them yet
  };

  // Seats
  std::size_t free() const override { return set_.free_slots(); }
  bool any_for(const JobInfo& job) const override { return set_.can_take(job); }
  std::optional<NodeIndex> take(JobInfo& job, Instant now) override;
  void give_back(NodeIndex node, const JobInfo& job) override { set_.release(node, job.bytes); }

  // Clients and the store: dispatcher.cpp
  JobInfo info_of(const Peer& peer, const protocol::Submit& submit) const;
  bool has_room(ClientId client, const std::string& job);
  void accepted(const Peer& peer, const JobInfo& info, const Asked& asked, const AcceptOutcome& outcome);
  void known(const Peer& peer, const JobInfo& info, const Asked& asked, const Known& known);
  void refuse(ClientId client, protocol::Error error);
  void look_up(const Peer& peer, const std::string& job, bool replay);
  bool found(const Peer& peer, const std::string& job, bool replay, const std::optional<Found>& found);
  void replay(ClientId client, const std::string& job, const JobInfo& info);
  void answer_one(ClientId client, const std::string& job, const Answer& answer);
  void finished(const std::string& job, const Answer& answer);
  void cancel_found(const std::string& job, const std::string& reason, const std::optional<Found>& found);
  void end_queued(JobInfo info, const std::string& reason);
  void overdue(const JobInfo& info);
  void give_up_impatient();
  void end_late_leases();
  void show(const JobInfo& info, const protocol::Event& event);
  void record(JobInfo& info, const char* name, std::map<std::string, protocol::FieldValue> fields);
  Answer cancelled_answer(JobInfo& info, const std::string& reason);
  std::string why_no_node() const;

  // Leases and nodes: leases.cpp
  void recovered(std::vector<JobInfo> jobs, const std::function<void()>& on_open);
  void pump();
  void claimed(std::vector<Claimed> jobs);
  void begin(Claimed job);
  bool adopt_held(NodeIndex node, const protocol::HeldJob& held);
  void adopt(NodeIndex node, JobInfo info);
  void adopt_from_store(NodeIndex node, const protocol::HeldJob& held);
  void adopted(Adoption adoption, const std::string& job);
  void lose_all(NodeIndex node, const std::string& reason);
  void lose_orphans_of(NodeIndex node);
  void failed_attempt(Leases::iterator lease, const std::string& reason);
  void put_back(Leases::iterator lease, NodeIndex node);
  void requeue(JobInfo info);
  void cancel_lease(Leases::iterator lease, const std::string& reason);
  void finish(Leases::iterator lease, Answer answer);
  JobInfo end(Leases::iterator lease);
  bool is_of(const Lease& lease, NodeIndex node) const;
  Leases::iterator lease_of(NodeIndex node, const std::string& job, std::uint32_t attempt);
  void of_no_lease(NodeIndex node, protocol::Result result);
  void unexpected(NodeIndex node, const std::string& job, std::uint32_t attempt);
  void count_failure(NodeIndex node, const std::string& reason);
  void ask_self_test(NodeIndex node);
  void refresh(NodeIndex node);
  void look_after(NodeIndex node, Nanoseconds now);
  bool any_ready() const;
  void note_of(NodeIndex node, const char* event, const std::string& reason);
  void to_node(NodeIndex node, protocol::Packet packet) { out_(ToNode{node, std::move(packet)}); }

  std::string name_;
  Store& store_;
  Clock clock_;
  Out out_;
  DispatcherBounds bounds_;
  NodeSet set_;
  std::vector<Node> nodes_;
  std::map<std::string, NodeIndex> by_name_;  // of those that have said hello
  Watchers watchers_;
  Leases leases_;
  std::unordered_map<std::string, Ending> endings_;
  std::unordered_map<std::string, Adoption> adoptions_;
  std::set<std::pair<UtcTime, std::string>> answer_deadlines_;  // of leases
  std::unordered_set<std::string> orphans_;                     // leases without a node
  Nanoseconds orphaned_since_{};
  std::unordered_set<std::string> impatient_;  // queued; their clients wait for a node only so long
  std::unordered_map<std::string, std::string> cancel_wanted_;  // being claimed; with the reason
  std::set<std::pair<ClientId, std::string>> cancels_;          // that the store is asked about
  Pace pace_;
  std::optional<Nanoseconds> none_ready_since_;
  bool open_ = false;
};

}  // namespace rota::portal
