#include "portal/embedded_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "portal/lane.hpp"

namespace rota::portal {

using protocol::ErrorCode;

namespace {

constexpr std::chrono::minutes kForgetPeriod{1};
constexpr const char* kOfAnother = "another user's job has this id; choose another";

protocol::Error refusal(ErrorCode code, const std::string& job, const std::string& message) {
  return {
      .code = code, .job = job, .where = code == ErrorCode::duplicate_job ? "job" : "", .message = message};
}

}  // namespace

EmbeddedStore::EmbeddedStore(net::Loop& loop, std::unique_ptr<Journal> journal, StoreBounds bounds)
    : journal_(std::move(journal)),
      loads_(*journal_),
      bounds_(bounds),
      next_turn_(loop),
      turn_(loop),
      retry_(loop) {}

void EmbeddedStore::open(StoreEvents events, std::function<void(std::vector<JobInfo>)> callback) {
  events_ = std::move(events);
  std::vector<JobInfo> running;
  for (JournalEntry& entry : journal_->recover()) {
    if (entry.state == JobState::running) running.push_back(entry.info);
    add({.info = std::move(entry.info), .state = entry.state, .is_known_to_journal = true});
  }
  then([callback = std::move(callback), running = std::move(running)] { callback(running); });
}

void EmbeddedStore::accept(NewJob job, std::function<void(AcceptOutcome)> callback) {
  const std::string id = job.info.id;
  const std::string user = job.info.user;
  const auto found = jobs_.find(id);
  if (found != jobs_.end()) {
    const std::uint64_t order = found->second.order;
    found->second.is_early = false;
    if (job.info.waits_for_nodes && found->second.info.user == user) promise(found->second);
    return then([this, id, user, order, outcome = outcome_of(found->second, user), callback] {
      if (was_known(order)) return load_outcome(id, user, callback);
      callback(outcome);
    });
  }
  if (auto error = refusal_of(job.info))
    return next_turn_.call([refused = Refused{std::move(*error)}, callback] { callback(refused); });
  Known known{.is_new = true, .state = JobState::queued, .ahead = queue_.ahead_of(user)};
  const bool is_early = !job.info.waits_for_nodes && !journal_->may_know(id);
  add({.info = std::move(job.info), .submit = std::move(job.submit), .is_early = is_early});
  Job& added = jobs_.at(id);
  touch(added);
  auto tell = [this, id, user, order = added.order, known, callback = std::move(callback)] {
    if (was_known(order)) return load_outcome(id, user, callback);
    callback(known);
  };
  is_early ? next_turn_.call(std::move(tell)) : then(std::move(tell));
  events_.on_ready();
}

// The job was not acknowledged before, and is now: also after a crash.
void EmbeddedStore::promise(Job& job) {
  if (std::exchange(job.info.waits_for_nodes, true) || job.state == JobState::finished) return;
  touch(job);
}

AcceptOutcome EmbeddedStore::outcome_of(const Job& job, const std::string& user) const {
  if (job.info.user != user) return Refused{refusal(ErrorCode::duplicate_job, job.info.id, kOfAnother)};
  if (job.state == JobState::finished) return Answer{job.answer};
  return Known{.is_new = false, .state = job.state, .ahead = 0};
}

std::optional<protocol::Error> EmbeddedStore::refusal_of(const JobInfo& info) const {
  if (stalled_)
    return refusal(ErrorCode::busy, info.id,
                   "the portal cannot write down new jobs just now; try again later");
  if (queue_.size() >= bounds_.jobs || queued_bytes_ + info.bytes > bounds_.bytes)
    return refusal(ErrorCode::busy, info.id, "the portal has as many jobs as it can hold; try again later");
  if (queue_.lanes() >= kMaxLanes && !queue_.has_lane(lane_of(info)))
    return refusal(ErrorCode::busy, info.id,
                   "jobs with very many different languages and labels wait already; try again later");
  if (queue_.size_of(info.user) >= bounds_.jobs_per_user)
    return refusal(
        ErrorCode::busy, info.id,
        fmt::format("{} jobs of yours are in the queue, the most one user may have; try again later",
                    bounds_.jobs_per_user));
  return std::nullopt;
}

void EmbeddedStore::add(Job job) {
  job.order = next_order_++;
  if (job.state == JobState::queued) enqueue(job);
  if (job.state == JobState::running) {
    ++running_;
    queue_.began(job.info.user);
  }
  const std::string id = job.info.id;
  jobs_.emplace(id, std::move(job));
}

void EmbeddedStore::enqueue(const Job& job) {
  queue_.push(item_of(job));
  queued_bytes_ += job.info.bytes;
  if (const auto deadline = deadline_of(job.info)) deadlines_.emplace(*deadline, job.info.id);
}

void EmbeddedStore::dequeue(const Job& job) {
  queue_.erase(item_of(job));
  queued_bytes_ -= job.info.bytes;
  if (const auto deadline = deadline_of(job.info)) deadlines_.erase({*deadline, job.info.id});
}

FairQueue::Item EmbeddedStore::item_of(const Job& job) {
  return {job.info.id, job.info.user, lane_of(job.info), job.info.priority, job.order};
}

std::optional<UtcTime> EmbeddedStore::deadline_of(const JobInfo& info) {
  if (!info.queue_until || !info.answer_until) return info.queue_until ? info.queue_until : info.answer_until;
  return std::min(*info.queue_until, *info.answer_until);
}

void EmbeddedStore::claim(Seats& seats, Instant now, std::function<void(std::vector<Claimed>)> callback) {
  std::vector<Begun> begun, early;
  const auto can_serve = [&](const std::string& id) { return seats.any_for(jobs_.at(id).info); };
  while (seats.free() > 0) {
    const auto id = queue_.next(can_serve);
    if (!id) break;
    auto one = begin(*id, seats, now);
    if (!one) break;
    const Job& job = jobs_.at(*id);
    (job.is_early ? early : begun).push_back({job.order, std::move(*one)});
  }
  const auto telling = [&](std::vector<Begun> jobs) {
    return [this, jobs = std::move(jobs), &seats, callback]() mutable {
      hand_over(std::move(jobs), seats, callback);
    };
  };
  if (!early.empty()) next_turn_.call(telling(std::move(early)));
  if (!begun.empty()) then(telling(std::move(begun)));
}

std::optional<Claimed> EmbeddedStore::begin(const std::string& id, Seats& seats, Instant now) {
  Job& job = jobs_.at(id);
  ++job.info.attempt;
  const auto node = seats.take(job.info, now);
  if (!node) {
    --job.info.attempt;
    return std::nullopt;
  }
  dequeue(job);
  job.state = JobState::running;
  ++running_;
  queue_.began(job.info.user);
  touch(job);
  return Claimed{job.info, job.submit, *node};
}

void EmbeddedStore::hand_over(std::vector<Begun> begun, Seats& seats,
                              const std::function<void(std::vector<Claimed>)>& callback) {
  std::vector<Claimed> ready;
  for (auto& [order, one] : begun) {
    if (was_known(order)) {
      seats.give_back(one.node, one.info);
    } else if (one.submit) {
      ready.push_back(std::move(one));
    } else {
      load_and_hand_over(std::move(one), callback);
    }
  }
  if (!ready.empty()) callback(std::move(ready));
}

void EmbeddedStore::load_and_hand_over(Claimed claimed,
                                       const std::function<void(std::vector<Claimed>)>& callback) {
  const std::string id = claimed.info.id;
  journal_->load_submit(
      id, [claimed = std::move(claimed), callback](std::shared_ptr<const protocol::Submit> submit) {
        std::vector<Claimed> one{claimed};
        one[0].submit = std::move(submit);
        callback(std::move(one));
      });
}

void EmbeddedStore::finish(const std::string& id, std::uint32_t attempt, Answer answer,
                           std::function<void(bool)> callback) {
  const auto found = jobs_.find(id);
  const bool is_taken = found != jobs_.end() && found->second.state == JobState::running &&
                        found->second.info.attempt == attempt;
  if (is_taken) {
    --running_;
    queue_.ended(found->second.info.user);
    end(found->second, std::move(answer));
  }
  next_steps_.push_back([callback = std::move(callback), is_taken] { callback(is_taken); });
  // Of an early job only its node waits for this, not its client.
  is_taken && found->second.is_early ? flush_later() : flush_soon();
}

void EmbeddedStore::end(Job& job, Answer answer) {
  job.state = JobState::finished;
  job.info.events.clear();  // the answer has them
  job.answer = answer.packet;
  touch(job);
  auto tell = [this, id = job.info.id, order = job.order, answer = std::move(answer)] {
    if (!was_known(order)) events_.on_finished(id, answer);
  };
  job.is_early ? tell_early(job.info.id, std::move(tell)) : then(std::move(tell));
}

// In the next turn; but where the job has been promised, or asked for, by then, once it is durable.
void EmbeddedStore::tell_early(const std::string& id, std::function<void()> tell) {
  auto once = [tell = std::move(tell), is_told = std::make_shared<bool>(false)] {
    if (!std::exchange(*is_told, true)) tell();
  };
  next_turn_.call([this, id, once] {
    const auto found = jobs_.find(id);
    if (found != jobs_.end() && found->second.is_early) once();
  });
  next_steps_.push_back(std::move(once));
}

void EmbeddedStore::requeue(const std::string& id, std::uint32_t attempt, std::vector<protocol::Event> events,
                            std::function<void(bool)> callback) {
  const auto found = jobs_.find(id);
  const bool is_taken = found != jobs_.end() && found->second.state == JobState::running &&
                        found->second.info.attempt == attempt;
  if (is_taken) {
    Job& job = found->second;
    --running_;
    queue_.ended(job.info.user);
    job.state = JobState::queued;
    job.is_early = false;
    job.info.events = std::move(events);
    enqueue(job);
    touch(job);
  }
  then([callback = std::move(callback), is_taken] { callback(is_taken); });
  if (is_taken) events_.on_ready();
}

void EmbeddedStore::end_queued(const std::string& id, Answer answer,
                               std::function<void(std::optional<Found>)> callback) {
  const auto found = jobs_.find(id);
  if (found != jobs_.end() && found->second.state == JobState::queued) {
    dequeue(found->second);
    end(found->second, std::move(answer));
  }
  find(id, std::move(callback));
}

void EmbeddedStore::find(const std::string& id, std::function<void(std::optional<Found>)> callback) {
  const auto found = jobs_.find(id);
  if (found != jobs_.end()) {
    Job& job = found->second;
    job.is_early = false;
    Found known{job.info, job.state, std::nullopt};
    if (job.state == JobState::finished) known.answer = Answer{job.answer};
    return then([this, order = job.order, known = std::move(known), callback = std::move(callback)] {
      if (was_known(order)) return find(known.info.id, callback);  // it was no job of its own
      callback(known);
    });
  }
  loads_.load(id,
              [this, id, callback = std::move(callback)](const std::optional<Journal::Finished>& finished) {
                if (!finished && jobs_.contains(id)) return find(id, callback);  // it has come meanwhile
                if (!finished) return callback(std::nullopt);
                callback(Found{finished->info, JobState::finished, Answer{finished->answer}});
              });
}

void EmbeddedStore::adopt(const std::string&, std::uint32_t,
                          std::function<void(std::optional<JobInfo>)> callback) {
  then([callback = std::move(callback)] { callback(std::nullopt); });  // all that run are this portal's
}

StoreLoad EmbeddedStore::load() const {
  return {queue_.size(), running_, queued_bytes_};
}

void EmbeddedStore::tick(UtcTime now) {
  std::vector<JobInfo> overdue;
  for (auto it = deadlines_.begin(); it != deadlines_.end() && it->first <= now; ++it)
    overdue.push_back(jobs_.at(it->second).info);
  for (const JobInfo& job : overdue) events_.on_overdue(job);
  if (now - forgotten_ < kForgetPeriod) return;
  forgotten_ = now;
  journal_->forget(now - bounds_.keep_answers, bounds_.kept_answer_bytes);
}

// Of a job that was finished before this user submitted it.
void EmbeddedStore::load_outcome(const std::string& id, const std::string& user,
                                 const std::function<void(AcceptOutcome)>& callback) {
  loads_.load(id, [id, user, callback](const std::optional<Journal::Finished>& finished) {
    if (!finished)
      return callback(Refused{refusal(ErrorCode::internal, id, "the job's answer can no longer be read")});
    if (finished->info.user != user)
      return callback(Refused{refusal(ErrorCode::duplicate_job, id, kOfAnother)});
    callback(Answer{finished->answer});
  });
}

}  // namespace rota::portal
