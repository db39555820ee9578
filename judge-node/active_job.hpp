#pragma once
// A job in the node's hands: its state machine, the files that go into and come out of its box, and the box.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "judge-node/box.hpp"
#include "judge-node/compile_run.hpp"
#include "judge-node/compiled_program.hpp"
#include "judge-node/job.hpp"
#include "judge-node/memory_file.hpp"

namespace rota::node {

// Who hears of a job. on_result is called at most once, and on_event not after it. While is_full() says true
// (unset: never) a job in the queue is not begun, since its result would only wait in memory.
struct JobObserver {
  std::function<void(const protocol::Event&)> on_event;
  std::function<void(protocol::Result)> on_result;
  std::function<bool()> is_full;
};

struct ActiveJob {
  ActiveJob(std::uint64_t number_, Job job_, JobObserver observer_)
      : number(number_), job(std::move(job_)), observer(std::move(observer_)) {}

  // Begins the compile anew, by these steps. warm: the value of {warm}.
  void start_compile(std::span<const CompileStep> steps, const std::string& warm = "");

  // The request for the run. The files it speaks of are this job's; call once.
  sandbox::RunSpec run_spec();

  // What the box answered to the run, with what stands in the sinks.
  RunOutcome outcome(sandbox::RunReply reply) const;

  const std::uint64_t number;
  Job job;
  JobObserver observer;
  std::string compile_key;            // once the cache has been asked
  bool leads_compile = false;         // others may wait for its compile
  bool compiles_alone = false;        // an equal compile ended badly: neither waits nor leads
  bool cancelled = false;             // its box is still busy with it
  std::optional<CompileRun> compile;  // while it lasts
  bool tries_fast_way = false;        // the compile is one that may fail without harm
  ProgramPtr program;
  Box* box = nullptr;  // that runs it now

 private:
  std::vector<sandbox::InputFile> submitted_files();
  std::vector<sandbox::InputFile> data_files();
  PlaceholderValues values() const;
  void add_program(sandbox::RunSpec& spec) const;

  std::vector<MemoryFile> files_;  // the source first
  std::optional<MemoryFile> stdin_, stdout_, stderr_;
};

}  // namespace rota::node
