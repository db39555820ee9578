#include "judge-node/verdict.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace rota::node {
namespace {

using protocol::Cause;
using protocol::Limits;
using protocol::StepReport;
using protocol::Verdict;
using std::chrono::milliseconds;

StepReport exited(int code) {
  return {.cause = Cause::exited, .exit_code = code};
}

StepReport killed(Cause cause, int signal = SIGKILL) {
  return {.cause = cause, .signal = signal};
}

TEST(Verdict, OfARunFollowsTheCause) {
  EXPECT_EQ(verdict_of_run(exited(0)), Verdict::AC);
  EXPECT_EQ(verdict_of_run(exited(3)), Verdict::RTE);
  EXPECT_EQ(verdict_of_run(killed(Cause::signalled, SIGSEGV)), Verdict::RTE);
  EXPECT_EQ(verdict_of_run(killed(Cause::cpu_time)), Verdict::TLE);
  EXPECT_EQ(verdict_of_run(killed(Cause::wall_time)), Verdict::TLE);
  EXPECT_EQ(verdict_of_run(killed(Cause::memory)), Verdict::MLE);
  EXPECT_EQ(verdict_of_run(killed(Cause::output)), Verdict::OLE);
  EXPECT_EQ(verdict_of_run(killed(Cause::forbidden_syscall, SIGSYS)), Verdict::SV);
  EXPECT_EQ(verdict_of_run(killed(Cause::box_failure)), Verdict::IE);
}

TEST(Verdict, OfACompilerIsCeForWhateverIsNotOurFault) {
  EXPECT_EQ(verdict_of_compile(exited(0)), Verdict::AC);
  EXPECT_EQ(verdict_of_compile(exited(1)), Verdict::CE);
  EXPECT_EQ(verdict_of_compile(killed(Cause::memory)), Verdict::CE);
  EXPECT_EQ(verdict_of_compile(killed(Cause::wall_time)), Verdict::CE);
  EXPECT_EQ(verdict_of_compile(killed(Cause::box_failure)), Verdict::IE);
}

TEST(Verdict, ReturncodeIsTheExitCodeOrTheSignal) {
  EXPECT_EQ(returncode_of(exited(0)), 0);
  EXPECT_EQ(returncode_of(exited(255)), 255);
  EXPECT_EQ(returncode_of(killed(Cause::signalled, SIGSEGV)), 139);
  EXPECT_EQ(returncode_of(killed(Cause::cpu_time, SIGKILL)), 137);
  EXPECT_EQ(returncode_of(killed(Cause::box_failure)), std::nullopt);
}

TEST(Explain, SaysNothingOfSuccess) {
  EXPECT_EQ(explain(exited(0), {}), "");
}

TEST(Explain, NamesExitCodeAndSignal) {
  EXPECT_EQ(explain(exited(3), {}), "ended with exit code 3");
  EXPECT_EQ(explain(killed(Cause::signalled, SIGSEGV), {}), "ended by signal 11 (SIGSEGV)");
  EXPECT_EQ(explain(killed(Cause::signalled, 40), {}), "ended by signal 40");
}

TEST(Explain, NamesTheLimitAndWhatWasUsed) {
  const Limits limits{
      .cpu_time = milliseconds(1000), .wall_time = milliseconds(3000), .memory_bytes = 64 << 20};
  StepReport report = killed(Cause::cpu_time);
  report.cpu_time = std::chrono::microseconds(1'003'400);
  report.wall_time = milliseconds(3010);
  EXPECT_EQ(explain(report, limits), "CPU time limit of 1000 ms passed after 1003 ms of CPU time");
  report.cause = Cause::wall_time;
  EXPECT_EQ(explain(report, limits), "wall time limit of 3000 ms passed after 3010 ms");
  report.cause = Cause::memory;
  EXPECT_EQ(explain(report, limits), "memory limit of 64 MiB reached");
}

TEST(Explain, NamesTheStreamThatWasTooLong) {
  StepReport report = killed(Cause::output);
  report.wall_time = milliseconds(412);
  report.stdout_cut = true;
  EXPECT_EQ(explain(report, {}), "wrote more than 4 MiB to stdout after 412 ms");
  report.stderr_cut = true;
  EXPECT_EQ(explain(report, {}), "wrote more than 4 MiB to stdout and to stderr after 412 ms");
  report.stdout_cut = false;
  EXPECT_EQ(explain(report, {}), "wrote more than 4 MiB to stderr after 412 ms");
}

TEST(Explain, RepeatsWhatTheBoxSays) {
  StepReport report = killed(Cause::forbidden_syscall, SIGSYS);
  report.detail = "forbidden system call socket";
  EXPECT_EQ(explain(report, {}), "forbidden system call socket");
  report.cause = Cause::box_failure;
  report.detail = "mount /proc: EPERM";
  EXPECT_EQ(explain(report, {}), "the sandbox failed: mount /proc: EPERM");
}

TEST(Explain, TellsOfTheProcessLimitBesideTheCause) {
  StepReport report = exited(1);
  report.process_limit_hit = true;
  EXPECT_EQ(explain(report, {}), "ended with exit code 1; the limit of 64 processes was reached");
}

TEST(ReadableBytes, TakesTheLargestUnitThatDivides) {
  EXPECT_EQ(readable_bytes(0), "0 bytes");
  EXPECT_EQ(readable_bytes(1000), "1000 bytes");
  EXPECT_EQ(readable_bytes(1536), "1536 bytes");
  EXPECT_EQ(readable_bytes(2048), "2 KiB");
  EXPECT_EQ(readable_bytes(1536 << 10), "1536 KiB");
  EXPECT_EQ(readable_bytes(4ull << 30), "4 GiB");
}

}  // namespace
}  // namespace rota::node
