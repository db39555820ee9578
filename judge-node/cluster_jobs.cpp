#include "judge-node/cluster_jobs.hpp"

#include <ctime>
#include <utility>

namespace rota::node {
namespace {

// CLOCK_BOOTTIME goes on while the machine is suspended, as the portal's clock does.
Nanoseconds lease_clock() {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

ClusterJobs::ClusterJobs(net::Loop& loop, JobService& jobs, EventLog& log, LeaseBounds bounds,
                         std::function<void()> on_progress)
    : jobs_(jobs), log_(log), on_progress_(std::move(on_progress)), book_(bounds), fence_(loop) {}

void ClusterJobs::look() {
  const bool was_full = book_.is_full();
  const auto all = book_.fence(lease_clock());
  if (was_full && !book_.is_full()) jobs_.look_again();
  if (all.empty()) return;
  for (const auto& [cluster, runs] : all) {
    log_.note("fenced", {{"cluster", cluster}, {"jobs", static_cast<std::int64_t>(runs.size())}});
    for (const auto run : runs) jobs_.cancel(run);
  }
  wake_when_due();
  on_progress_();
}

// The timer may be early where a lease has been renewed since, never late.
void ClusterJobs::wake_when_due() {
  const auto due = book_.next_fence();
  if (!due) return fence_.stop();
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due - lease_clock());
  fence_.once(std::max(left, std::chrono::milliseconds(0)) + std::chrono::milliseconds(1), [this] {
    look();
    wake_when_due();
  });
}

ClusterJobs::Link ClusterJobs::take_lease(const protocol::Lease& lease, Peer peer) {
  const Link link = next_link_++;
  const auto moved = book_.take_lease(link, lease, lease_clock());
  const Peer& known = peers_.emplace(link, std::move(peer)).first->second;
  known.send(book_.holdings(link));
  send_events_again(moved);
  send_what_fits(link);
  wake_when_due();  // this portal's time may be the shorter one
  return link;
}

void ClusterJobs::end_link(Link link) {
  peers_.erase(link);
  const auto moved = book_.end_link(link);
  send_events_again(moved);
  send_what_fits(moved.to);
}

void ClusterJobs::send_events_again(const LeaseBook::Moved& moved) {
  const auto peer = peers_.find(moved.to);
  if (peer == peers_.end()) return;
  for (const auto run : moved.runs) {
    for (const protocol::Event& event : jobs_.events_of(run)) peer->second.send(protocol::LiveEvent{event});
  }
}

void ClusterJobs::submit(Link link, protocol::Submit submission) {
  const auto begun = book_.begin(link, submission, lease_clock());
  end(begun.replaced);
  if (begun.state == LeaseBook::State::finished) return send_what_fits(link);
  if (begun.running) {
    if (submission.live_events) send_events_again({link, {*begun.running}});
    return;
  }
  try {
    book_.started(begun.key, jobs_.submit(std::move(submission), observer_of(begun.key)));
  } catch (...) {
    book_.forget(begun.key);
    throw;
  }
  wake_when_due();
}

JobObserver ClusterJobs::observer_of(const JobKey& key) {
  return {.on_event = [this, key](const protocol::Event& event) { happened(key, event); },
          .on_result = [this, key](protocol::Result result) { ended(key, std::move(result)); },
          .is_full = [this, key] { return book_.is_full() || book_.is_out(key.cluster, lease_clock()); }};
}

void ClusterJobs::happened(const JobKey& key, const protocol::Event& event) {
  const auto peer = peers_.find(book_.link_for_event(key, lease_clock()));
  if (peer != peers_.end()) peer->second.send(protocol::LiveEvent{event});
}

// One that ended while its lease was out has not ended, for all that anybody knows. It is fenced with the others, in a
// turn of its own: no job may be cancelled from within an observer.
void ClusterJobs::ended(const JobKey& key, protocol::Result result) {
  if (book_.is_out(key.cluster, lease_clock())) return wake_when_due();
  send_what_fits(book_.finish(key, std::move(result)));
  if (book_.is_full()) wake_when_due();
  on_progress_();
}

void ClusterJobs::stored(Link link, const protocol::Stored& stored) {
  const bool was_full = book_.is_full();
  end(book_.stored(link, stored));
  if (was_full && !book_.is_full()) jobs_.look_again();
  on_progress_();
}

void ClusterJobs::cancel(Link link, const protocol::Cancel& cancel) {
  const bool was_full = book_.is_full();
  end(book_.cancel(link, cancel));
  if (was_full && !book_.is_full()) jobs_.look_again();
  on_progress_();
}

void ClusterJobs::end(std::optional<LeaseBook::Run> run) {
  if (run) jobs_.cancel(*run);
}

// The time is taken before the pong goes: a lease must not seem younger than it is.
void ClusterJobs::ping(Link link, const protocol::Ping& ping) {
  book_.renew(link, ping.heard);
  book_.pong_sent(link, ping.number, lease_clock());
  peers_.at(link).send(protocol::Pong{ping.number});
}

void ClusterJobs::send_what_fits(Link link) {
  const auto peer = peers_.find(link);
  if (peer == peers_.end()) return;
  while (peer->second.has_room()) {
    const protocol::Result* result = book_.next_result(link);
    if (result == nullptr) return;
    peer->second.send(*result);
  }
}

}  // namespace rota::node
