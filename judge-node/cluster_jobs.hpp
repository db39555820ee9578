#pragma once
// The jobs of clusters: brings what the lease book (lease_book.hpp) decides to boxes, connections and the clock. A
// connection that has taken a lease gives its packets of jobs to this; where the connection ends the jobs go on.
//
// Results stand in the book until they are stored. They are written for a connection one by one, as it takes them, so
// that one which has been away for long does not get all at once.
//
// A lease is looked at before each packet is taken (look()), before a result counts, and by a timer: a process that has
// been stopped and goes on does none of these before it has seen that its time is over.

#include <functional>
#include <map>
#include <string>

#include "judge-node/event_log.hpp"
#include "judge-node/job_service.hpp"
#include "judge-node/lease_book.hpp"
#include "net/timer.hpp"
#include "protocol/packets.hpp"

namespace rota::node {

class ClusterJobs {
 public:
  using Link = LeaseBook::Link;

  // A connection with a lease; usable until end_link().
  struct Peer {
    std::function<void(const protocol::Packet&)> send;
    std::function<bool()> has_room;  // for one more result
  };

  // The references outlive this. on_progress: there may be less in hand than before.
  ClusterJobs(net::Loop& loop, JobService& jobs, EventLog& log, LeaseBounds bounds,
              std::function<void()> on_progress);

  // Ends what must not go on any more. To be called before a packet is taken.
  void look();

  // Answers with holdings, events and results. Throws ProtocolError, see LeaseBook.
  Link take_lease(const protocol::Lease& lease, Peer peer);
  void end_link(Link link);

  // submission.job must be set. Throws ProtocolError, see LeaseBook and JobService.
  void submit(Link link, protocol::Submit submission);
  void stored(Link link, const protocol::Stored& stored);
  void cancel(Link link, const protocol::Cancel& cancel);
  // Sends the pong.
  void ping(Link link, const protocol::Ping& ping);
  void send_what_fits(Link link);

  bool empty() const { return book_.empty(); }

 private:
  JobObserver observer_of(const JobKey& key);
  void happened(const JobKey& key, const protocol::Event& event);
  void ended(const JobKey& key, protocol::Result result);
  void send_events_again(const LeaseBook::Moved& moved);
  void end(std::optional<LeaseBook::Run> run);
  void wake_when_due();

  JobService& jobs_;
  EventLog& log_;
  std::function<void()> on_progress_;
  LeaseBook book_;
  net::Timer fence_;
  std::map<Link, Peer> peers_;
  Link next_link_ = 1;
};

}  // namespace rota::node
