#include "judge-node/job.hpp"

#include <utility>

#include "judge-node/source_name.hpp"
#include "judge-node/verdict.hpp"

namespace rota::node {
namespace {

using protocol::Cause;
using protocol::FieldValue;
using protocol::StepReport;
using Fields = std::map<std::string, FieldValue>;

std::int64_t microseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

Fields fields_of(const StepReport& report) {
  Fields fields{
      {"cause", std::string(to_text(report.cause))},
      {"cpu_time_us", microseconds(report.cpu_time)},
      {"wall_time_us", microseconds(report.wall_time)},
      {"memory_bytes", static_cast<std::int64_t>(report.memory_bytes)},
  };
  if (const auto returncode = returncode_of(report)) fields.emplace("returncode", std::int64_t{*returncode});
  return fields;
}

}  // namespace

Job::Job(protocol::Submit submission, const Language& language, const protocol::Limits& limits,
         std::string host, Instant received, EventSink sink)
    : submission_(std::move(submission)),
      language_(&language),
      limits_(limits),
      source_name_(name_in_work(language.source_name, submission_.file_name, submission_.source)),
      host_(std::move(host)),
      received_(received),
      sink_(std::move(sink)),
      next_(language.compile.empty() ? Next::run : Next::compile) {
  result_.job = submission_.job;
  result_.node = host_;
  result_.language = language.name;
  result_.attempt = submission_.attempt;
}

void Job::accepted(Instant now) {
  Fields fields{{"file", submission_.file_name}, {"language", language_->name}};
  if (!submission_.client.empty()) fields.emplace("client", submission_.client);
  record(now, "accepted", std::move(fields));
}

void Job::compile_started(Instant now) {
  if (std::exchange(compile_started_, true)) return;
  record(now, "compile.started");
}

Job::Next Job::compile_finished(Instant now, const CompiledProgram& program, bool cached) {
  Fields fields = fields_of(program.report);
  fields.emplace("cached", std::int64_t{cached});
  record_limits(now, "compile", program.report, program.limits);
  record(now, "compile.finished", std::move(fields));
  result_.compile = program.report;
  result_.compile_cached = cached;
  result_.compiler_output = program.output;
  next_ = Next::run;
  if (!made_program(program)) refuse_compile(program);
  return next_;
}

void Job::run_started(Instant now) {
  record(now, "run.started");
}

Job::Next Job::run_finished(Instant now, RunOutcome outcome) {
  if (says_out_of_memory(outcome.report, outcome.stderr_bytes, language_->run.out_of_memory))
    outcome.report.cause = Cause::memory;
  record_limits(now, "run", outcome.report, limits_);
  record(now, "run.finished", fields_of(outcome.report));
  result_.verdict = verdict_of_run(outcome.report);
  result_.returncode = returncode_of(outcome.report);
  result_.message = explain(outcome.report, limits_);
  result_.stdout_bytes = std::move(outcome.stdout_bytes);
  result_.stderr_bytes = std::move(outcome.stderr_bytes);
  result_.run = std::move(outcome.report);
  next_ = Next::finish;
  return next_;
}

void Job::cancelled(Instant now) {
  record(now, "cancelled");
}

void Job::broken_off(const std::string& reason) {
  result_.verdict = protocol::Verdict::IE;
  result_.message = "the node failed: " + reason;
  next_ = Next::finish;
}

protocol::Result Job::take_result(Instant now) {
  record(now, "collected",
         {{"verdict", std::string(to_text(result_.verdict))},
          {"stdout_bytes", static_cast<std::int64_t>(result_.stdout_bytes.size())},
          {"stderr_bytes", static_cast<std::int64_t>(result_.stderr_bytes.size())}});
  return std::move(result_);
}

void Job::record(Instant now, const std::string& name, Fields fields) {
  result_.events.push_back({.time = now.utc,
                            .offset = now.monotonic - received_.monotonic,
                            .host = host_,
                            .job = submission_.job,
                            .name = name,
                            .fields = std::move(fields),
                            .sequence = ++events_,
                            .attempt = submission_.attempt});
  if (sink_) sink_(result_.events.back());
}

void Job::record_limits(Instant now, const char* step, const StepReport& report,
                        const protocol::Limits& limits) {
  if (const std::string limit(limit_hit(report)); !limit.empty()) {
    record(now, "limit.hit", {{"step", step}, {"limit", limit}, {"message", explain(report, limits)}});
  }
  if (report.process_limit_hit) {
    record(now, "limit.hit",
           {{"step", step}, {"limit", "processes"}, {"maximum", std::int64_t{limits.processes}}});
  }
  if (report.cause == Cause::forbidden_syscall) {
    record(now, "syscall.denied", {{"step", step}, {"detail", report.detail}});
  }
}

void Job::refuse_compile(const CompiledProgram& program) {
  const StepReport& report = program.report;
  result_.verdict = succeeded(report) ? protocol::Verdict::CE : verdict_of_compile(report);
  result_.returncode = returncode_of(report);
  result_.message = "compiler: " + (succeeded(report) ? program.problem : explain(report, program.limits));
  if (result_.verdict == protocol::Verdict::CE) result_.stderr_bytes = program.output;
  next_ = Next::finish;
}

}  // namespace rota::node
