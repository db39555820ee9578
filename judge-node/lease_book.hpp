#pragma once
// What this node has in hand for clusters, sans-IO: which connections have whose lease, when a lease runs out, and each
// job from its submission until its result is stored. Jobs belong to their cluster, so they outlive connections.
//
//   begin ─▶ started ─▶ finish ─▶ (next_result, as often as a connection is lost) ─▶ stored
//              └── fence, cancel, a later attempt: forgotten
//
// A job's events and its result go over one link: the one that submitted it last, and once that has ended the newest
// of the cluster's.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "judge-node/pong_times.hpp"
#include "protocol/bounds.hpp"
#include "protocol/packets.hpp"

namespace rota::node {

struct LeaseBounds {
  std::size_t max_clusters = 64;
  std::size_t max_jobs = protocol::kMaxHeldJobs;  // of one cluster, finished ones too
  std::uint64_t max_result_bytes = 512ull << 20;  // past it no job is begun, see is_full()
  std::chrono::minutes keep_for_gone{
      10};  // results, however full it is; counted from the last renewal of the lease
};

// An attempt at a job of a cluster.
struct JobKey {
  std::string cluster;
  std::string job;
  std::uint32_t attempt = 0;
};

class LeaseBook {
 public:
  using Link = std::uint64_t;  // a connection with a lease; 0 is none
  using Run = std::uint64_t;   // what the owner calls an attempt in progress
  using Time = Nanoseconds;    // of a clock that goes on while the process, or the machine, stands still

  explicit LeaseBook(LeaseBounds bounds = {}) : bounds_(bounds) {}

  // Attempts in progress whose events and results go over another link from now on.
  struct Moved {
    Link to = 0;
    std::vector<Run> runs;  // those with live events, for which all of them are due again
  };

  // The link is the cluster's from now on; nothing is sent for it yet. Takes over the jobs that have no link, and is to
  // get every result that is not stored. Throws ProtocolError: bad_text, busy (too many clusters).
  Moved take_lease(Link link, const protocol::Lease& lease, Time now);
  // The connection has ended. Its jobs go on.
  Moved end_link(Link link);
  protocol::Holdings holdings(Link link) const;

  void pong_sent(Link link, std::uint64_t number, Time now);
  // The portal has heard this pong: the lease is as good as new since that was sent.
  void renew(Link link, std::uint64_t heard_pong);

  struct Fenced {
    std::string cluster;
    std::vector<Run> runs;  // to be ended
  };
  // Forgets what is in progress under leases that have run out; and where it is full, results for clusters that have been gone
  // for long, the longest gone first. A portal that comes back after all begins those jobs again.
  std::vector<Fenced> fence(Time now);
  // When fence() may have something to do next, unless a lease is renewed.
  std::optional<Time> next_fence() const;
  bool is_out(const std::string& cluster, Time now) const;

  enum class State { fresh, running, finished };
  struct Begun {
    State state = State::fresh;  // running, finished: a repeated submission, to be run no second time
    JobKey key;
    std::optional<Run> running;   // this attempt, where it is in progress
    std::optional<Run> replaced;  // an earlier attempt, which is to be ended
  };
  // Throws ProtocolError: busy (too many jobs, or the lease has run out), duplicate_job (a later attempt is here).
  Begun begin(Link link, const protocol::Submit& submission, Time now);
  void started(const JobKey& key, Run run);
  // Of an attempt that begin() called fresh and that could not be started.
  void forget(const JobKey& key);
  // Returns the link that is to get the result; 0 where there is none.
  Link finish(const JobKey& key, protocol::Result result);
  // The result is not needed any more. Returns the run to be ended where there is none yet.
  std::optional<Run> stored(Link link, const protocol::Stored& stored);
  // attempt 0 means any. Returns the run to be ended.
  std::optional<Run> cancel(Link link, const protocol::Cancel& cancel);

  // A result that the link has not been given since its lease or the last submission of the job; null: none. It stays
  // in the book, and the pointer is good until the next call.
  const protocol::Result* next_result(Link link);
  // Who gets an event of this attempt; 0: nobody.
  Link link_for_event(const JobKey& key, Time now) const;

  // So many bytes of results wait that no further job may be begun.
  bool is_full() const { return result_bytes_ > bounds_.max_result_bytes; }
  bool empty() const;  // no job at all

 private:
  struct Kept {
    std::uint32_t attempt = 0;
    Link link = 0;
    bool live_events = false;
    Run run = 0;
    std::optional<protocol::Result> result;  // once it has finished
  };
  struct Cluster {
    std::chrono::milliseconds fence_after{0};
    Time renewed{};
    std::set<Link> links;  // the newest is the largest
    std::map<std::string, Kept> jobs;
    std::size_t running = 0;  // jobs without a result
  };
  struct Peer {
    std::string cluster;
    PongTimes pongs;
    std::set<std::string> to_send;  // jobs whose results it is to get
  };

  using Jobs = std::map<std::string, Kept>;

  Cluster& cluster_of(Link link) { return clusters_.at(peers_.at(link).cluster); }
  const Cluster& cluster_of(Link link) const { return clusters_.at(peers_.at(link).cluster); }
  Cluster& cluster_for(const protocol::Lease& lease, Time now);
  const Kept* find(const JobKey& key) const;
  void repeat(Link link, const protocol::Submit& submission, Begun& begun, Kept& kept);
  void require_room(const Cluster& cluster, const std::string& name, Time now) const;
  void move_to(Link link, const std::string& job, Kept& kept, Moved& moved);
  std::optional<Run> erase(Cluster& cluster, Jobs::iterator job);
  void forget_if_idle(const std::string& cluster);
  bool has_gone(const Cluster& cluster) const { return cluster.links.empty() && cluster.running == 0; }
  bool forget_longest_gone(Time now);

  LeaseBounds bounds_;
  std::map<std::string, Cluster> clusters_;
  std::map<Link, Peer> peers_;
  std::uint64_t result_bytes_ = 0;
};

}  // namespace rota::node
