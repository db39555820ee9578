#include "judge-node/lease_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "protocol/error.hpp"

namespace rota::node {

using protocol::ErrorCode;
using protocol::ProtocolError;

namespace {

// What a kept result takes of memory, roughly.
std::uint64_t bytes_of(const protocol::Result& result) {
  constexpr std::uint64_t kOfItself = 1024;
  constexpr std::uint64_t kOfAnEvent = 512;
  return kOfItself + kOfAnEvent * result.events.size() + result.message.size() + result.stdout_bytes.size() +
         result.stderr_bytes.size() + result.compiler_output.size();
}

}  // namespace

LeaseBook::Moved LeaseBook::take_lease(Link link, const protocol::Lease& lease, Time now) {
  Cluster& cluster = cluster_for(lease, now);
  // Another portal of the cluster may give jobs away as soon as its own time says.
  const bool is_shared = !cluster.links.empty();
  cluster.fence_after = is_shared ? std::min(cluster.fence_after, lease.fence_after) : lease.fence_after;
  cluster.renewed = std::max(cluster.renewed, now);
  cluster.links.insert(link);
  Peer& peer = peers_[link];
  peer.cluster = lease.cluster;
  Moved moved{link, {}};
  for (auto& [job, kept] : cluster.jobs) {
    if (kept.link == 0) move_to(link, job, kept, moved);
    if (kept.result) peer.to_send.insert(job);
  }
  return moved;
}

LeaseBook::Cluster& LeaseBook::cluster_for(const protocol::Lease& lease, Time now) {
  if (lease.cluster.empty())
    throw ProtocolError(ErrorCode::bad_text, "cluster", "a lease needs the UUID of the portal's store");
  const bool has_room = clusters_.size() < bounds_.max_clusters || clusters_.contains(lease.cluster);
  if (!has_room && !forget_longest_gone(now))
    throw ProtocolError(ErrorCode::busy, "",
                        fmt::format("this node has {} clusters; try again later", clusters_.size()));
  return clusters_[lease.cluster];
}

LeaseBook::Moved LeaseBook::end_link(Link link) {
  const auto found = peers_.extract(link);
  if (found.empty()) return {};
  const std::string& name = found.mapped().cluster;
  Cluster& cluster = clusters_.at(name);
  cluster.links.erase(link);
  Moved moved;
  if (!cluster.links.empty()) moved.to = *cluster.links.rbegin();
  for (auto& [job, kept] : cluster.jobs) {
    if (kept.link == link) move_to(moved.to, job, kept, moved);
  }
  forget_if_idle(name);
  return moved;
}

void LeaseBook::move_to(Link link, const std::string& job, Kept& kept, Moved& moved) {
  kept.link = link;
  if (link == 0) return;
  if (kept.result) {
    peers_.at(link).to_send.insert(job);
  } else if (kept.live_events) {
    moved.runs.push_back(kept.run);
  }
}

protocol::Holdings LeaseBook::holdings(Link link) const {
  protocol::Holdings holdings;
  for (const auto& [job, kept] : cluster_of(link).jobs)
    holdings.jobs.push_back({job, kept.attempt, kept.result.has_value()});
  return holdings;
}

void LeaseBook::pong_sent(Link link, std::uint64_t number, Time now) {
  peers_.at(link).pongs.sent(number, now);
}

void LeaseBook::renew(Link link, std::uint64_t heard_pong) {
  const auto sent = peers_.at(link).pongs.heard(heard_pong);
  if (!sent) return;
  Cluster& cluster = cluster_of(link);
  cluster.renewed = std::max(cluster.renewed, *sent);
}

bool LeaseBook::is_out(const std::string& cluster, Time now) const {
  const auto found = clusters_.find(cluster);
  return found == clusters_.end() || now > found->second.renewed + found->second.fence_after;
}

std::vector<LeaseBook::Fenced> LeaseBook::fence(Time now) {
  std::vector<Fenced> all;
  for (auto& [name, cluster] : clusters_) {
    if (cluster.running == 0 || !is_out(name, now)) continue;
    Fenced& fenced = all.emplace_back(Fenced{name, {}});
    for (auto job = cluster.jobs.begin(); job != cluster.jobs.end();) {
      const auto next = std::next(job);
      if (!job->second.result) fenced.runs.push_back(*erase(cluster, job));
      job = next;
    }
  }
  for (const Fenced& fenced : all) forget_if_idle(fenced.cluster);
  while (is_full() && forget_longest_gone(now)) continue;
  return all;
}

std::optional<LeaseBook::Time> LeaseBook::next_fence() const {
  std::optional<Time> next;
  for (const auto& [name, cluster] : clusters_) {
    const bool is_in_the_way = is_full() && has_gone(cluster);
    if (cluster.running == 0 && !is_in_the_way) continue;
    const Time end = cluster.renewed + (is_in_the_way ? bounds_.keep_for_gone : Time(cluster.fence_after));
    if (!next || end < *next) next = end;
  }
  return next;
}

LeaseBook::Begun LeaseBook::begin(Link link, const protocol::Submit& submission, Time now) {
  const std::string& name = peers_.at(link).cluster;
  Cluster& cluster = clusters_.at(name);
  Begun begun{.state = State::fresh,
              .key = {name, submission.job, submission.attempt},
              .running = {},
              .replaced = {}};
  const auto known = cluster.jobs.find(submission.job);
  if (known != cluster.jobs.end() && known->second.attempt >= submission.attempt) {
    repeat(link, submission, begun, known->second);
    return begun;
  }
  require_room(cluster, name, now);
  if (known != cluster.jobs.end()) begun.replaced = erase(cluster, known);
  cluster.jobs[submission.job] = {.attempt = submission.attempt,
                                  .link = link,
                                  .live_events = submission.live_events,
                                  .run = 0,
                                  .result = {}};
  ++cluster.running;
  return begun;
}

void LeaseBook::repeat(Link link, const protocol::Submit& submission, Begun& begun, Kept& kept) {
  if (kept.attempt > submission.attempt)
    throw ProtocolError(ErrorCode::duplicate_job, "attempt",
                        fmt::format("attempt {} at this job is here already", kept.attempt));
  kept.link = link;
  kept.live_events = kept.live_events || submission.live_events;
  begun.state = kept.result ? State::finished : State::running;
  if (kept.result) {
    peers_.at(link).to_send.insert(submission.job);
  } else {
    begun.running = kept.run;
  }
}

void LeaseBook::require_room(const Cluster& cluster, const std::string& name, Time now) const {
  if (is_out(name, now))
    throw ProtocolError(ErrorCode::busy, "", "the lease has run out; no job is taken before it is renewed");
  if (cluster.jobs.size() >= bounds_.max_jobs)
    throw ProtocolError(
        ErrorCode::busy, "",
        fmt::format("{} jobs of this cluster are here; try again later", cluster.jobs.size()));
}

void LeaseBook::started(const JobKey& key, Run run) {
  const auto cluster = clusters_.find(key.cluster);
  if (cluster == clusters_.end()) return;
  const auto job = cluster->second.jobs.find(key.job);
  if (job != cluster->second.jobs.end()) job->second.run = run;
}

void LeaseBook::forget(const JobKey& key) {
  if (find(key) == nullptr) return;
  Cluster& cluster = clusters_.at(key.cluster);
  erase(cluster, cluster.jobs.find(key.job));
  forget_if_idle(key.cluster);
}

LeaseBook::Link LeaseBook::finish(const JobKey& key, protocol::Result result) {
  if (find(key) == nullptr) return 0;
  Cluster& cluster = clusters_.at(key.cluster);
  Kept& kept = cluster.jobs.at(key.job);
  if (kept.result) return 0;
  result_bytes_ += bytes_of(result);
  kept.result = std::move(result);
  --cluster.running;
  if (kept.link != 0) peers_.at(kept.link).to_send.insert(key.job);
  return kept.link;
}

// False: none has been gone for long.
bool LeaseBook::forget_longest_gone(Time now) {
  auto longest = clusters_.end();
  for (auto it = clusters_.begin(); it != clusters_.end(); ++it) {
    const Cluster& cluster = it->second;
    if (!has_gone(cluster) || now <= cluster.renewed + bounds_.keep_for_gone) continue;
    if (longest == clusters_.end() || cluster.renewed < longest->second.renewed) longest = it;
  }
  if (longest == clusters_.end()) return false;
  for (const auto& [job, kept] : longest->second.jobs) result_bytes_ -= bytes_of(*kept.result);
  clusters_.erase(longest);
  return true;
}

std::optional<LeaseBook::Run> LeaseBook::stored(Link link, const protocol::Stored& stored) {
  Cluster& cluster = cluster_of(link);
  const auto job = cluster.jobs.find(stored.job);
  if (job == cluster.jobs.end() || job->second.attempt != stored.attempt) return std::nullopt;
  return erase(cluster, job);
}

std::optional<LeaseBook::Run> LeaseBook::cancel(Link link, const protocol::Cancel& cancel) {
  Cluster& cluster = cluster_of(link);
  const auto job = cluster.jobs.find(cancel.job);
  if (job == cluster.jobs.end()) return std::nullopt;
  if (cancel.attempt != 0 && job->second.attempt != cancel.attempt) return std::nullopt;
  return erase(cluster, job);
}

// Returns its run where it is still in progress.
std::optional<LeaseBook::Run> LeaseBook::erase(Cluster& cluster, Jobs::iterator job) {
  std::optional<Run> run;
  if (const auto& result = job->second.result) {
    result_bytes_ -= bytes_of(*result);
  } else {
    run = job->second.run;
    --cluster.running;
  }
  for (const Link link : cluster.links) peers_.at(link).to_send.erase(job->first);
  cluster.jobs.erase(job);
  return run;
}

void LeaseBook::forget_if_idle(const std::string& cluster) {
  const auto found = clusters_.find(cluster);
  if (found == clusters_.end()) return;
  if (found->second.links.empty() && found->second.jobs.empty()) clusters_.erase(found);
}

const protocol::Result* LeaseBook::next_result(Link link) {
  const auto peer = peers_.find(link);
  if (peer == peers_.end() || peer->second.to_send.empty()) return nullptr;
  const auto job = peer->second.to_send.extract(peer->second.to_send.begin()).value();
  return &*cluster_of(link).jobs.at(job).result;
}

LeaseBook::Link LeaseBook::link_for_event(const JobKey& key, Time now) const {
  const Kept* kept = find(key);
  return kept != nullptr && kept->live_events && !is_out(key.cluster, now) ? kept->link : 0;
}

const LeaseBook::Kept* LeaseBook::find(const JobKey& key) const {
  const auto cluster = clusters_.find(key.cluster);
  if (cluster == clusters_.end()) return nullptr;
  const auto job = cluster->second.jobs.find(key.job);
  return job != cluster->second.jobs.end() && job->second.attempt == key.attempt ? &job->second : nullptr;
}

bool LeaseBook::empty() const {
  return std::all_of(clusters_.begin(), clusters_.end(),
                     [](const auto& cluster) { return cluster.second.jobs.empty(); });
}

}  // namespace rota::node
