#include "sandbox/run_report.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <algorithm>

namespace rota::sandbox {
namespace {

using protocol::Cause;
using protocol::StepReport;

void put_first(StepReport& report, const std::string& words) {
  report.detail = report.detail.empty() ? words : words + "; " + report.detail;
}

void take_cause(StepReport& report, Cause cause, const std::string& words) {
  report.cause = cause;
  put_first(report, words);
}

std::string passed(const char* what, std::chrono::milliseconds limit) {
  return std::string(what) + " time limit of " + std::to_string(limit.count()) + " ms passed";
}

// How the program itself ended, whoever made it.
void take_end(StepReport& report, const RunEvidence& evidence) {
  if (!evidence.wait_status) {
    report.signal = SIGKILL;  // with the whole pid namespace
  } else if (WIFSIGNALED(*evidence.wait_status)) {
    report.signal = WTERMSIG(*evidence.wait_status);
  } else {
    report.exit_code = WEXITSTATUS(*evidence.wait_status);
  }
}

// The kernel's own answer to a forbidden call is SIGSYS; that we had to ask first who it was does not change it.
void take_forbidden_end(StepReport& report) {
  report.exit_code.reset();
  report.signal = SIGSYS;
}

// It ended by itself. A limit may have been passed all the same, between the clock's last look and the end.
void take_own_cause(StepReport& report, const RunEvidence& evidence) {
  if (evidence.cpu_time > evidence.limits.cpu_time) {
    take_cause(report, Cause::cpu_time, passed("CPU", evidence.limits.cpu_time));
  } else if (evidence.wall_time > evidence.limits.wall_time) {
    take_cause(report, Cause::wall_time, passed("wall", evidence.limits.wall_time));
  } else if (!report.signal) {
    report.cause = Cause::exited;
  } else {
    report.cause = Cause::signalled;
  }
}

}  // namespace

StepReport make_report(const RunEvidence& evidence) {
  StepReport report;
  report.detail = evidence.detail;
  report.cpu_time = evidence.cpu_time;
  report.wall_time = evidence.wall_time;
  const std::uint64_t charged = evidence.charged_bytes.value_or(0);
  report.memory_bytes = std::max(charged, evidence.largest_rss_bytes);
  report.memory_basis = evidence.charged_bytes && charged >= evidence.largest_rss_bytes ? "cgroup" : "rusage";
  report.process_limit_hit = evidence.process_limit_hit;
  take_end(report, evidence);
  if (evidence.ended_by) {
    report.cause = *evidence.ended_by;
    if (report.cause == Cause::forbidden_syscall) take_forbidden_end(report);
  } else if (evidence.out_of_memory) {
    take_cause(report, Cause::memory,
               "memory limit of " + std::to_string(evidence.limits.memory_bytes) + " bytes passed");
  } else if (evidence.failure) {
    report.exit_code.reset();
    report.signal.reset();
    take_cause(report, Cause::box_failure, *evidence.failure);
  } else if (!evidence.wait_status) {
    take_cause(report, Cause::box_failure, "init was ended from outside");
  } else {
    take_own_cause(report, evidence);
  }
  return report;
}

}  // namespace rota::sandbox
