#include "client/exit_status.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rota::client {
namespace {

using protocol::Verdict;

int status_of(Verdict verdict, std::optional<int> returncode = std::nullopt) {
  protocol::Result result;
  result.verdict = verdict;
  result.returncode = returncode;
  return exit_status_of(result);
}

TEST(ExitStatus, IsZeroForAnAcceptedProgram) {
  EXPECT_EQ(status_of(Verdict::AC, 0), 0);
}

TEST(ExitStatus, IsTheProgramsOwnForARuntimeError) {
  EXPECT_EQ(status_of(Verdict::RTE, 3), 3);
  EXPECT_EQ(status_of(Verdict::RTE, 139), 139);
  EXPECT_EQ(status_of(Verdict::RTE, 255), 255);
}

TEST(ExitStatus, OfARuntimeErrorIsNeverZeroWhateverTheNodeSent) {
  EXPECT_EQ(status_of(Verdict::RTE), 1);
  EXPECT_EQ(status_of(Verdict::RTE, 0), 1);
  EXPECT_EQ(status_of(Verdict::RTE, 256), 1);
}

TEST(ExitStatus, IsReservedForWhatTheProgramDidNotChoose) {
  EXPECT_EQ(status_of(Verdict::CE, 1), 65);
  EXPECT_EQ(status_of(Verdict::IE), 75);
  EXPECT_EQ(status_of(Verdict::CANCELLED), 130);
  EXPECT_EQ(status_of(Verdict::TLE, 137), 124);
  EXPECT_EQ(status_of(Verdict::MLE, 137), 124);
  EXPECT_EQ(status_of(Verdict::OLE, 137), 124);
  EXPECT_EQ(status_of(Verdict::SV, 159), 159);
  EXPECT_EQ(status_of(Verdict::WA, 0), 1);
}

TEST(ExitStatus, IsDocumentedInTheHelp) {
  for (int status :
       {kUsage, kCompileError, kNoInput, kUnavailable, kLimitExceeded, kCancelled, kForbiddenSyscall}) {
    EXPECT_THAT(exit_status_help(), testing::HasSubstr(" " + std::to_string(status) + "  "));
  }
}

TEST(ExitStatus, TellsARefusedSubmissionFromAFailureOfOurs) {
  EXPECT_EQ(exit_status_of(protocol::ErrorCode::unknown_value), kUsage);
  EXPECT_EQ(exit_status_of(protocol::ErrorCode::out_of_range), kUsage);
  EXPECT_EQ(exit_status_of(protocol::ErrorCode::forbidden), kUsage);
  EXPECT_EQ(exit_status_of(protocol::ErrorCode::unknown_job), kUsage);
  EXPECT_EQ(exit_status_of(protocol::ErrorCode::no_node), kUnavailable);
  EXPECT_EQ(exit_status_of(protocol::ErrorCode::busy), kUnavailable);
}

}  // namespace
}  // namespace rota::client
