// The job's state machine under a clock that only the test moves.
#include "judge-node/job.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rota::node {
namespace {

using protocol::Cause;
using protocol::Event;
using protocol::FieldValue;
using protocol::Verdict;
using std::chrono::milliseconds;
using testing::ElementsAre;

constexpr const char* kJobId = "01938c6e-5a00-7abc-8def-0123456789ab";

Instant at(milliseconds time) {
  return {.utc = UtcTime(std::chrono::hours(500'000) + time), .monotonic = std::chrono::hours(3) + time};
}

Language compiled_language() {
  Language language;
  language.name = "C";
  CompileStep step;
  step.argv = {"cc"};
  step.outputs = {"program"};
  language.compile = {step};
  return language;
}

Language script_language() {
  Language language;
  language.name = "Script";
  return language;
}

CompiledProgram compiler_exit(int code) {
  CompiledProgram program;
  program.report = {.cause = Cause::exited, .exit_code = code, .cpu_time = milliseconds(200)};
  program.output = "a.c:1: warning\n";
  return program;
}

RunOutcome run_exit(int code) {
  RunOutcome outcome;
  outcome.report = {
      .cause = Cause::exited, .exit_code = code, .cpu_time = milliseconds(2), .memory_bytes = 1000};
  outcome.stdout_bytes = "out";
  outcome.stderr_bytes = "err";
  return outcome;
}

class JobTest : public testing::Test {
 protected:
  Job make(const Language& language, std::uint32_t attempt = 0) {
    protocol::Submit submission;
    submission.attempt = attempt;
    submission.job = kJobId;
    submission.file_name = "a.c";
    submission.client = "desk";
    return {std::move(submission), language,
            protocol::Limits{},    "node-1",
            at(milliseconds(0)),   [this](const Event& event) { heard.push_back(event); }};
  }

  static std::vector<std::string> names(const std::vector<Event>& events) {
    std::vector<std::string> result;
    for (const Event& event : events) result.push_back(event.name);
    return result;
  }

  const Event& heard_named(const std::string& name) const {
    for (const Event& event : heard) {
      if (event.name == name) return event;
    }
    throw std::runtime_error("no event " + name);
  }

  const Language compiled = compiled_language();
  const Language script = script_language();
  std::vector<Event> heard;
};

TEST_F(JobTest, CountsItsEventsAndNamesItsAttempt) {
  Job job = make(script, 3);
  job.accepted(at(milliseconds(0)));
  job.run_started(at(milliseconds(1)));
  job.run_finished(at(milliseconds(2)), run_exit(0));
  const auto result = job.take_result(at(milliseconds(3)));
  EXPECT_EQ(result.attempt, 3u);
  ASSERT_EQ(result.events, heard);
  for (std::size_t i = 0; i < heard.size(); ++i) {
    EXPECT_EQ(heard[i].sequence, i + 1);
    EXPECT_EQ(heard[i].attempt, 3u);
  }
}

TEST_F(JobTest, OfACompiledLanguageCompilesThenRunsThenEnds) {
  Job job = make(compiled);
  job.accepted(at(milliseconds(0)));
  EXPECT_EQ(job.next(), Job::Next::compile);
  job.compile_started(at(milliseconds(1)));
  EXPECT_EQ(job.compile_finished(at(milliseconds(2)), compiler_exit(0), false), Job::Next::run);
  job.run_started(at(milliseconds(3)));
  EXPECT_EQ(job.run_finished(at(milliseconds(4)), run_exit(0)), Job::Next::finish);
  const auto result = job.take_result(at(milliseconds(5)));
  EXPECT_EQ(result.verdict, Verdict::AC);
  EXPECT_EQ(result.returncode, 0);
  EXPECT_EQ(result.message, "");
  EXPECT_EQ(result.stdout_bytes, "out");
  EXPECT_EQ(result.stderr_bytes, "err");
  EXPECT_EQ(result.compiler_output, "a.c:1: warning\n");
  EXPECT_EQ(result.job, kJobId);
  EXPECT_EQ(result.node, "node-1");
  EXPECT_EQ(result.language, "C");
  EXPECT_EQ(result.compile->cpu_time, milliseconds(200));
  EXPECT_EQ(result.run->cpu_time, milliseconds(2));
  EXPECT_THAT(names(result.events), ElementsAre("accepted", "compile.started", "compile.finished",
                                                "run.started", "run.finished", "collected"));
}

TEST_F(JobTest, OfAScriptRunsAtOnce) {
  Job job = make(script);
  EXPECT_EQ(job.next(), Job::Next::run);
  job.run_started(at(milliseconds(1)));
  job.run_finished(at(milliseconds(2)), run_exit(3));
  const auto result = job.take_result(at(milliseconds(3)));
  EXPECT_EQ(result.verdict, Verdict::RTE);
  EXPECT_EQ(result.returncode, 3);
  EXPECT_EQ(result.message, "ended with exit code 3");
  EXPECT_FALSE(result.compile);
}

TEST_F(JobTest, EventsCarryTheTimeTheOffsetTheHostAndTheJob) {
  Job job = make(script);
  job.accepted(at(milliseconds(0)));
  job.run_started(at(milliseconds(250)));
  const Event& event = heard_named("run.started");
  EXPECT_EQ(event.time, at(milliseconds(250)).utc);
  EXPECT_EQ(event.offset, milliseconds(250));
  EXPECT_EQ(event.host, "node-1");
  EXPECT_EQ(event.job, kJobId);
}

TEST_F(JobTest, EventsAreHeardAsTheyHappenAndStandInTheResult) {
  Job job = make(script);
  job.accepted(at(milliseconds(0)));
  EXPECT_THAT(names(heard), ElementsAre("accepted"));
  job.run_started(at(milliseconds(1)));
  job.run_finished(at(milliseconds(2)), run_exit(0));
  EXPECT_EQ(job.take_result(at(milliseconds(3))).events, heard);
}

TEST_F(JobTest, EventsTellWhatTheStepsUsed) {
  Job job = make(compiled);
  job.accepted(at(milliseconds(0)));
  EXPECT_EQ(heard_named("accepted").fields.at("client"), FieldValue("desk"));
  job.compile_finished(at(milliseconds(1)), compiler_exit(0), true);
  EXPECT_EQ(heard_named("compile.finished").fields.at("cached"), FieldValue(1));
  EXPECT_EQ(heard_named("compile.finished").fields.at("cpu_time_us"), FieldValue(200'000));
  job.run_finished(at(milliseconds(2)), run_exit(3));
  EXPECT_EQ(heard_named("run.finished").fields.at("returncode"), FieldValue(3));
  EXPECT_EQ(heard_named("run.finished").fields.at("cause"), FieldValue("exited"));
}

TEST_F(JobTest, ACompilersRefusalEndsTheJobWithItsMessages) {
  Job job = make(compiled);
  EXPECT_EQ(job.compile_finished(at(milliseconds(1)), compiler_exit(1), false), Job::Next::finish);
  const auto result = job.take_result(at(milliseconds(2)));
  EXPECT_EQ(result.verdict, Verdict::CE);
  EXPECT_EQ(result.returncode, 1);
  EXPECT_EQ(result.message, "compiler: ended with exit code 1");
  EXPECT_EQ(result.stderr_bytes, "a.c:1: warning\n");
  EXPECT_FALSE(result.run);
}

TEST_F(JobTest, ACompilerThatHitItsLimitIsACompileErrorThatSaysSo) {
  Job job = make(compiled);
  CompiledProgram program = compiler_exit(0);
  program.report = {.cause = Cause::memory, .signal = 9};
  job.compile_finished(at(milliseconds(1)), program, false);
  const auto result = job.take_result(at(milliseconds(2)));
  EXPECT_EQ(result.verdict, Verdict::CE);
  EXPECT_EQ(result.returncode, 137);
  EXPECT_EQ(result.message, "compiler: memory limit of 512 MiB reached");
  EXPECT_EQ(heard_named("limit.hit").fields.at("step"), FieldValue("compile"));
}

TEST_F(JobTest, ACompilerThatMadeNoProgramIsACompileError) {
  Job job = make(compiled);
  CompiledProgram program = compiler_exit(0);
  program.problem = "it made no file 'program'";
  EXPECT_EQ(job.compile_finished(at(milliseconds(1)), program, false), Job::Next::finish);
  const auto result = job.take_result(at(milliseconds(2)));
  EXPECT_EQ(result.verdict, Verdict::CE);
  EXPECT_EQ(result.message, "compiler: it made no file 'program'");
}

TEST_F(JobTest, ABoxThatFailsUnderTheCompilerIsOurFault) {
  Job job = make(compiled);
  CompiledProgram program = compiler_exit(0);
  program.report = {.cause = Cause::box_failure, .detail = "the box died"};
  job.compile_finished(at(milliseconds(1)), program, false);
  const auto result = job.take_result(at(milliseconds(2)));
  EXPECT_EQ(result.verdict, Verdict::IE);
  EXPECT_EQ(result.returncode, std::nullopt);
  EXPECT_EQ(result.message, "compiler: the sandbox failed: the box died");
}

TEST_F(JobTest, ALimitThatWasHitIsAnEvent) {
  Job job = make(script);
  RunOutcome outcome;
  outcome.report = {.cause = Cause::cpu_time, .signal = 9, .cpu_time = milliseconds(10'004)};
  job.run_finished(at(milliseconds(1)), std::move(outcome));
  const auto result = job.take_result(at(milliseconds(2)));
  EXPECT_EQ(result.verdict, Verdict::TLE);
  EXPECT_EQ(result.returncode, 137);
  EXPECT_EQ(result.message, "CPU time limit of 10000 ms passed after 10004 ms of CPU time");
  EXPECT_THAT(names(result.events), ElementsAre("limit.hit", "run.finished", "collected"));
  EXPECT_EQ(heard_named("limit.hit").fields.at("limit"), FieldValue("cpu_time"));
}

TEST_F(JobTest, ProcessesThatWereRefusedAreAnEventBesideTheVerdict) {
  Job job = make(script);
  RunOutcome outcome = run_exit(0);
  outcome.report.process_limit_hit = true;
  job.run_finished(at(milliseconds(1)), std::move(outcome));
  EXPECT_EQ(heard_named("limit.hit").fields.at("limit"), FieldValue("processes"));
  EXPECT_EQ(heard_named("limit.hit").fields.at("maximum"), FieldValue(64));
  EXPECT_EQ(job.take_result(at(milliseconds(2))).verdict, Verdict::AC);
}

TEST_F(JobTest, AForbiddenSystemCallIsAnEvent) {
  Job job = make(script);
  RunOutcome outcome;
  outcome.report = {
      .cause = Cause::forbidden_syscall, .signal = 31, .detail = "forbidden system call socket"};
  job.run_finished(at(milliseconds(1)), std::move(outcome));
  EXPECT_EQ(heard_named("syscall.denied").fields.at("detail"), FieldValue("forbidden system call socket"));
  EXPECT_EQ(job.take_result(at(milliseconds(2))).verdict, Verdict::SV);
}

TEST_F(JobTest, ThatWaitsForAnothersCompileStartsItOnlyOnce) {
  Job job = make(compiled);
  job.compile_started(at(milliseconds(1)));
  job.compile_started(at(milliseconds(2)));
  EXPECT_THAT(names(heard), ElementsAre("compile.started"));
}

TEST_F(JobTest, CanBeCancelledBeforeItRuns) {
  Job job = make(compiled);
  job.accepted(at(milliseconds(0)));
  job.cancelled(at(milliseconds(1)));
  EXPECT_THAT(names(heard), ElementsAre("accepted", "cancelled"));
}

TEST_F(JobTest, ThatTheNodeBreaksOffIsOurFault) {
  Job job = make(script);
  job.broken_off("memfd_create: Too many open files");
  const auto result = job.take_result(at(milliseconds(1)));
  EXPECT_EQ(result.verdict, Verdict::IE);
  EXPECT_EQ(result.message, "the node failed: memfd_create: Too many open files");
}

}  // namespace
}  // namespace rota::node
