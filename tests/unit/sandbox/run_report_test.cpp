#include "sandbox/run_report.hpp"

#include <gtest/gtest.h>
#include <signal.h>

namespace rota::sandbox {
namespace {

using namespace std::chrono_literals;
using protocol::Cause;

constexpr int exited_with(int code) {
  return code << 8;
}  // wait(2)'s encoding

RunEvidence ended(int wait_status) {
  RunEvidence evidence;
  evidence.wait_status = wait_status;
  return evidence;
}

TEST(RunReport, AProgramThatEndedByItself) {
  const auto report = make_report(ended(exited_with(7)));
  EXPECT_EQ(report.cause, Cause::exited);
  EXPECT_EQ(report.exit_code, 7);
  EXPECT_EQ(report.signal, std::nullopt);
  EXPECT_EQ(report.detail, "");
}

TEST(RunReport, ASignalThatWeDidNotSend) {
  const auto report = make_report(ended(SIGKILL));
  EXPECT_EQ(report.cause, Cause::signalled) << "never guessed from SIGKILL";
  EXPECT_EQ(report.signal, SIGKILL);
}

TEST(RunReport, AForbiddenCall) {
  RunEvidence evidence;
  evidence.ended_by = Cause::forbidden_syscall;
  evidence.detail = "forbidden system call ptrace(16, 1, 0, 0)";
  const auto report = make_report(evidence);
  EXPECT_EQ(report.cause, Cause::forbidden_syscall);
  EXPECT_EQ(report.signal, SIGSYS);
  EXPECT_EQ(report.detail, evidence.detail);
}

TEST(RunReport, SigsysFromItselfIsASignalLikeOthers) {
  EXPECT_EQ(make_report(ended(SIGSYS)).cause, Cause::signalled);
}

TEST(RunReport, WhatWeKilledItForComesFirst) {
  RunEvidence evidence;
  evidence.ended_by = Cause::wall_time;
  evidence.detail = "words";
  evidence.out_of_memory = true;
  evidence.cpu_time = 1h;
  const auto report = make_report(evidence);
  EXPECT_EQ(report.cause, Cause::wall_time);
  EXPECT_EQ(report.signal, SIGKILL);
  EXPECT_EQ(report.detail, "words");
}

TEST(RunReport, TheOomCounterCountsEvenWhereTheProgramWentOn) {
  RunEvidence evidence = ended(exited_with(0));
  evidence.out_of_memory = true;
  const auto report = make_report(evidence);
  EXPECT_EQ(report.cause, Cause::memory);
  EXPECT_EQ(report.exit_code, 0);
  EXPECT_EQ(report.detail, "memory limit of 536870912 bytes passed");
}

TEST(RunReport, InitItselfMayBeTheOomKillersVictim) {
  RunEvidence evidence;
  evidence.out_of_memory = true;
  EXPECT_EQ(make_report(evidence).cause, Cause::memory);
}

TEST(RunReport, AFailedStepIsOurs) {
  RunEvidence evidence = ended(exited_with(127));
  evidence.failure = "start the program: No such file or directory";
  const auto report = make_report(evidence);
  EXPECT_EQ(report.cause, Cause::box_failure);
  EXPECT_EQ(report.exit_code, std::nullopt);
  EXPECT_EQ(report.detail, *evidence.failure);
}

TEST(RunReport, AnInitThatSaysNothingWasEndedFromOutside) {
  const auto report = make_report({});
  EXPECT_EQ(report.cause, Cause::box_failure);
  EXPECT_EQ(report.detail, "init was ended from outside");
}

TEST(RunReport, ALimitPassedBetweenTheClocksLastLookAndTheEndCounts) {
  RunEvidence evidence = ended(exited_with(0));
  evidence.limits.cpu_time = 100ms;
  evidence.cpu_time = 100ms;
  EXPECT_EQ(make_report(evidence).cause, Cause::exited);
  evidence.cpu_time += 1ns;
  EXPECT_EQ(make_report(evidence).cause, Cause::cpu_time);
  EXPECT_EQ(make_report(evidence).exit_code, 0);
  evidence.cpu_time = 0ns;
  evidence.limits.wall_time = 100ms;
  evidence.wall_time = 101ms;
  EXPECT_EQ(make_report(evidence).cause, Cause::wall_time);
}

TEST(RunReport, TheLargerMeasureOfMemoryIsGivenWithItsName) {
  RunEvidence evidence = ended(exited_with(0));
  evidence.largest_rss_bytes = 100;
  EXPECT_EQ(make_report(evidence).memory_basis, "rusage");
  evidence.charged_bytes = 99;
  EXPECT_EQ(make_report(evidence).memory_bytes, 100u);
  EXPECT_EQ(make_report(evidence).memory_basis, "rusage");
  evidence.charged_bytes = 101;
  EXPECT_EQ(make_report(evidence).memory_bytes, 101u);
  EXPECT_EQ(make_report(evidence).memory_basis, "cgroup");
}

TEST(RunReport, WordsOfBothKindsAreKept) {
  RunEvidence evidence = ended(SIGSEGV);
  evidence.failure = "start the program: Permission denied";
  evidence.detail = "output file x is not a regular file";
  EXPECT_EQ(make_report(evidence).detail,
            "start the program: Permission denied; output file x is not a regular file");
}

}  // namespace
}  // namespace rota::sandbox
