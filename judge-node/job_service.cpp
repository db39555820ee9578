#include "judge-node/job_service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "judge-node/compile_key.hpp"
#include "judge-node/limit_policy.hpp"
#include "judge-node/source_name.hpp"
#include "judge-node/submission_check.hpp"
#include "judge-node/verdict.hpp"
#include "protocol/error.hpp"
#include "protocol/file_name.hpp"

namespace rota::node {
namespace {

using protocol::ErrorCode;
using protocol::ProtocolError;

// A compiler that ended by itself would end so again; one that was killed or lost says nothing of the source.
bool concerns_others(const CompiledProgram& program) {
  return program.report.cause == protocol::Cause::exited;
}

// What the quick way made counts where the language's own steps would have said the same: it ended well, and its messages
// do not speak of what was prepared, nor are they those of another linker.
bool is_beyond_doubt(const CompiledProgram& program) {
  if (!limit_hit(program.report).empty()) return true;  // which the slower way would hit no later
  return made_program(program) && program.output.find(WarmUps::kPlace) == std::string::npos &&
         program.output.find("mold:") == std::string::npos;
}

}  // namespace

JobService::JobService(net::Loop& loop, const LanguageTable& languages, BoxPool& boxes, WarmUps& warm_ups,
                       ProgramStore& store, EventLog& log, JobServiceSettings settings)
    : languages_(languages),
      boxes_(boxes),
      warm_ups_(warm_ups),
      store_(store),
      log_(log),
      settings_(settings),
      cache_(settings.cache),
      turn_(loop) {}

JobService::JobNumber JobService::submit(protocol::Submit submission, JobObserver observer) {
  const Instant received = now();
  if (is_closed_)
    throw ProtocolError(ErrorCode::busy, "",
                        "this node takes no new jobs: it ends once it has finished those it has");
  protocol::require_valid_file_name(submission.file_name, "file_name");
  const Language& language = languages_.find(submission.language, submission.file_name);
  check_submission(submission, language,
                   name_in_work(language.source_name, submission.file_name, submission.source));
  const protocol::Limits limits = effective_limits(language.run.limits, submission.limits, settings_.maxima);
  if (ids_.contains(submission.job)) {
    throw ProtocolError(ErrorCode::duplicate_job, "job", "a job of this id is in progress here");
  }
  Job job(std::move(submission), language, limits, log_.host(), received, event_sink_of(next_number_));
  ActiveJob& active = add(std::move(job), std::move(observer));
  active.job.accepted(received);
  queue_.insert(active.number);
  work_soon();
  return active.number;
}

void JobService::cancel(JobNumber number) {
  const auto found = jobs_.find(number);
  if (found == jobs_.end() || found->second->cancelled) return;
  ActiveJob& active = *found->second;
  active.observer = {};
  active.cancelled = true;
  active.job.cancelled(now());
  ids_.erase(active.job.id());
  if (active.box != nullptr) return active.box->cancel();  // its answer still comes
  release_waiting(active, false);  // one in the queue may lead, where a quick compile has lost its box
  cache_.leave(active.compile_key, number);
  erase(active);
}

void JobService::close(std::function<void()> on_empty) {
  is_closed_ = true;
  on_empty_ = std::move(on_empty);
}

std::vector<protocol::Event> JobService::events_of(JobNumber number) const {
  const auto found = jobs_.find(number);
  return found == jobs_.end() ? std::vector<protocol::Event>() : found->second->job.events();
}

void JobService::require_room(std::uint64_t bytes) const {
  if (jobs_.size() < settings_.max_queued + boxes_.slots() && bytes_ + bytes <= settings_.max_queued_bytes)
    return;
  throw ProtocolError(ErrorCode::busy, "",
                      fmt::format("{} jobs of {} bytes are in progress or waiting here; try again later",
                                  jobs_.size(), bytes_));
}

ActiveJob& JobService::add(Job job, JobObserver observer) {
  auto active = std::make_unique<ActiveJob>(next_number_, std::move(job), std::move(observer));
  const auto bytes = protocol::bytes_of(active->job.submission());
  require_room(bytes);
  bytes_ += bytes;
  ids_.insert(active->job.id());
  return *jobs_.emplace(next_number_++, std::move(active)).first->second;
}

Job::EventSink JobService::event_sink_of(JobNumber number) {
  return [this, number](const protocol::Event& event) {
    log_.append(event);
    const auto found = jobs_.find(number);
    if (found != jobs_.end() && found->second->observer.on_event) found->second->observer.on_event(event);
  };
}

void JobService::work_soon() {
  turn_.once(std::chrono::milliseconds(0), [this] { work(); });
}

void JobService::work() {
  while (Box* box = boxes_.idle()) {
    const auto next = std::find_if(queue_.begin(), queue_.end(),
                                   [this](JobNumber number) { return !is_held(*jobs_.at(number)); });
    if (next == queue_.end()) return warm_ups_.use(*box);
    advance(*jobs_.at(queue_.extract(next).value()), *box);
  }
  const bool somebody_waits = std::any_of(queue_.begin(), queue_.end(),
                                          [this](JobNumber number) { return !is_held(*jobs_.at(number)); });
  if (somebody_waits) warm_ups_.give_way(boxes_.slots());
}

bool JobService::is_held(const ActiveJob& active) {
  return active.observer.is_full && active.observer.is_full();
}

// The job has an idle box for its next step.
void JobService::advance(ActiveJob& active, Box& box) {
  try {
    return active.job.next() == Job::Next::compile ? ask_cache(active, box) : run(active, box);
  } catch (const std::exception& problem) {  // of this machine, such as no memory left for the job's files
    break_off(active, problem.what());
  }
}

void JobService::ask_cache(ActiveJob& active, Box& box) {
  active.job.compile_started(now());
  if (active.compile || active.compiles_alone) return compile(active, box);
  if (active.compile_key.empty()) {
    active.compile_key = compile_key(active.job);
  }
  auto [turn, program] = cache_.claim(active.compile_key, active.number);
  if (turn == CompileCache::Turn::wait) return;
  if (turn == CompileCache::Turn::hit) {
    take_program(active, program, true);
    return run(active, box);
  }
  active.leads_compile = true;
  if (take_from_store(active)) return run(active, box);
  compile(active, box);
}

// What an earlier life of this node compiled. The store warns of what it cannot use, and then has nothing.
bool JobService::take_from_store(ActiveJob& active) {
  auto stored = store_.load(active.compile_key);
  if (!stored) return false;
  const auto program = std::make_shared<const CompiledProgram>(std::move(*stored));
  serve_waiting(active, program);
  take_program(active, program, true);
  return true;
}

// The next step of its compile.
void JobService::compile(ActiveJob& active, Box& box) {
  if (!active.compile) start_compile(active);
  box.run(active.compile->next_spec(),
          [this, &active](sandbox::RunReply reply) { step_ended(active, std::move(reply)); });
  active.box = &box;
}

void JobService::start_compile(ActiveJob& active) {
  const auto way = warm_ups_.way_for(active.job.language(), active.job.submission());
  active.tries_fast_way = way.has_value();
  if (way) return active.start_compile(way->fast->steps, way->warm);
  active.start_compile(active.job.language().compile);
}

void JobService::run(ActiveJob& active, Box& box) {
  const sandbox::RunSpec spec = active.run_spec();
  active.job.run_started(now());
  box.run(spec, [this, &active](sandbox::RunReply reply) { run_ended(active, std::move(reply)); });
  active.box = &box;
}

void JobService::step_ended(ActiveJob& active, sandbox::RunReply reply) {
  Box& box = *std::exchange(active.box, nullptr);
  work_soon();
  if (active.cancelled) {
    release_waiting(active, false);
    return erase(active);
  }
  ProgramPtr to_keep;
  const std::string key = active.compile_key;
  try {
    if (!active.compile->step_ended(std::move(reply))) to_keep = compile_ended(active);
  } catch (const std::exception& problem) {
    return break_off(active, problem.what());
  }
  if (active.job.next() == Job::Next::finish) {
    finish(active);
  } else if (box.is_idle()) {
    advance(active, box);  // its box is still warm for it
  } else {
    queue_.insert(active.number);
  }
  if (to_keep) store_.save(key, *to_keep);  // while the program runs
}

// Returns what is to be kept on disk, if anything.
ProgramPtr JobService::compile_ended(ActiveJob& active) {
  const ProgramPtr program = active.compile->take_program();
  if (std::exchange(active.tries_fast_way, false) && !is_beyond_doubt(*program)) {
    active.start_compile(active.job.language().compile);
    return nullptr;
  }
  active.compile.reset();
  const bool is_to_be_kept = active.leads_compile;
  serve_waiting(active, program);
  take_program(active, program, false);
  return is_to_be_kept ? program : nullptr;
}

void JobService::run_ended(ActiveJob& active, sandbox::RunReply reply) {
  active.box = nullptr;
  work_soon();
  if (active.cancelled) return erase(active);
  try {
    active.job.run_finished(now(), active.outcome(std::move(reply)));
  } catch (const std::exception& problem) {
    return break_off(active, problem.what());
  }
  finish(active);
}

void JobService::take_program(ActiveJob& active, const ProgramPtr& program, bool cached) {
  active.program = program;
  active.job.compile_finished(now(), *program, cached);
}

void JobService::serve_waiting(ActiveJob& leader, const ProgramPtr& program) {
  if (!concerns_others(*program)) return release_waiting(leader, true);
  if (!std::exchange(leader.leads_compile, false)) return;
  for (const JobNumber number : cache_.finish(leader.compile_key, program)) {
    ActiveJob& waiting = *jobs_.at(number);
    take_program(waiting, program, true);
    if (waiting.job.next() == Job::Next::finish) {
      finish(waiting);
    } else {
      queue_.insert(number);
    }
  }
}

// Those who wait for this job's compile ask anew; with compile_alone each for itself, since a source whose
// compile is killed would otherwise take their turns one after the other.
void JobService::release_waiting(ActiveJob& leader, bool compile_alone) {
  if (!std::exchange(leader.leads_compile, false)) return;
  for (const JobNumber number : cache_.abandon(leader.compile_key)) {
    jobs_.at(number)->compiles_alone = compile_alone;
    queue_.insert(number);
  }
}

// This machine's failure in the middle of a job.
void JobService::break_off(ActiveJob& active, const std::string& reason) {
  release_waiting(active, false);
  active.job.broken_off(reason);
  finish(active);
}

void JobService::finish(ActiveJob& active) {
  protocol::Result result = active.job.take_result(now());
  const auto on_result = std::move(active.observer.on_result);
  ids_.erase(active.job.id());
  erase(active);
  on_result(std::move(result));
}

void JobService::erase(ActiveJob& active) {
  bytes_ -= protocol::bytes_of(active.job.submission());
  queue_.erase(active.number);
  jobs_.erase(active.number);
  if (jobs_.empty() && on_empty_) on_empty_();
}

}  // namespace rota::node
