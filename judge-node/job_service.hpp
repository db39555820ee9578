#pragma once
// Takes submissions, queues them first come first served, and brings each through compile cache and boxes to
// its result. From within submit() comes one callback at most, on_event with "accepted"; all others come from
// turns of the loop of their own, and none from within cancel().

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "judge-node/active_job.hpp"
#include "judge-node/box_pool.hpp"
#include "judge-node/compile_cache.hpp"
#include "judge-node/event_log.hpp"
#include "judge-node/language_table.hpp"
#include "judge-node/program_store.hpp"
#include "judge-node/warm_ups.hpp"
#include "net/timer.hpp"
#include "protocol/limits.hpp"
#include "protocol/packets.hpp"

namespace rota::node {

struct JobServiceSettings {
  protocol::Limits maxima;
  std::size_t max_queued = 10'000;                // jobs, beside those that the slots are busy with
  std::uint64_t max_queued_bytes = 512ull << 20;  // sources, stdin and arguments of all jobs together
  CompileCacheBounds cache{};
};

class JobService {
 public:
  using JobNumber = std::uint64_t;

  // The references outlive the service.
  JobService(net::Loop& loop, const LanguageTable& languages, BoxPool& boxes, WarmUps& warm_ups,
             ProgramStore& store, EventLog& log, JobServiceSettings settings);

  // submission.job must be set. Throws ProtocolError: unknown_value (language), out_of_range (limits),
  // bad_file_name, duplicate_job, busy (too many jobs, or closed).
  JobNumber submit(protocol::Submit submission, JobObserver observer);

  // The observer hears no more of it. A queued job is dropped, a running one is ended. A number that is not
  // known is ignored.
  void cancel(JobNumber number);

  // Those of a job in progress, until now; none of a number that is not known.
  std::vector<protocol::Event> events_of(JobNumber number) const;

  // Every further submission is refused as busy. on_empty: no job is left; from the midst of something, so that it must not
  // submit or cancel.
  void close(std::function<void()> on_empty);
  bool is_closed() const { return is_closed_; }

  bool empty() const { return jobs_.empty(); }

  // To be called when a box has become idle, and when an observer that was full is so no more.
  void look_again() { work_soon(); }

 private:
  void require_room(std::uint64_t bytes) const;
  ActiveJob& add(Job job, JobObserver observer);
  Job::EventSink event_sink_of(JobNumber number);

  void work_soon();
  void work();
  static bool is_held(const ActiveJob& active);
  void advance(ActiveJob& active, Box& box);
  void ask_cache(ActiveJob& active, Box& box);
  bool take_from_store(ActiveJob& active);
  void compile(ActiveJob& active, Box& box);
  void start_compile(ActiveJob& active);
  void run(ActiveJob& active, Box& box);

  void step_ended(ActiveJob& active, sandbox::RunReply reply);
  ProgramPtr compile_ended(ActiveJob& active);
  void run_ended(ActiveJob& active, sandbox::RunReply reply);
  void take_program(ActiveJob& active, const ProgramPtr& program, bool cached);
  void serve_waiting(ActiveJob& leader, const ProgramPtr& program);
  void release_waiting(ActiveJob& leader, bool compile_alone);
  void break_off(ActiveJob& active, const std::string& reason);
  void finish(ActiveJob& active);
  void erase(ActiveJob& active);

  const LanguageTable& languages_;
  BoxPool& boxes_;
  WarmUps& warm_ups_;
  ProgramStore& store_;
  EventLog& log_;
  JobServiceSettings settings_;
  CompileCache cache_;
  net::Timer turn_;
  std::unordered_map<JobNumber, std::unique_ptr<ActiveJob>> jobs_;
  // Jobs that want a box. Numbers grow with arrival, so the smallest is the first that came, also where it
  // had waited for another's compile in between.
  std::set<JobNumber> queue_;
  std::set<std::string> ids_;  // of jobs whose result somebody waits for
  std::uint64_t bytes_ = 0;
  JobNumber next_number_ = 1;
  std::function<void()> on_empty_;
  bool is_closed_ = false;
};

}  // namespace rota::node
