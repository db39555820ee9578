#include "client/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "client/exit_status.hpp"
#include "protocol/conversion.hpp"

namespace rota::client {
namespace {

using protocol::Cause;
using protocol::Result;
using protocol::StepReport;
using protocol::Verdict;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

StepReport step(Cause cause) {
  StepReport report;
  report.cause = cause;
  report.cpu_time = std::chrono::microseconds(1200);
  report.wall_time = std::chrono::milliseconds(3);
  report.memory_bytes = 3 << 19;
  return report;
}

Result accepted() {
  Result result;
  result.job = "01890a5d-ac96-774b-bcce-b302099a8057";
  result.verdict = Verdict::AC;
  result.returncode = 0;
  result.node = "node-1";
  result.language = "cpp";
  result.run = step(Cause::exited);
  result.run->exit_code = 0;
  result.stdout_bytes = std::string("out\0\xff", 5);
  result.stderr_bytes = "\x1b[1merr\n";
  return result;
}

Result refused_by_compiler() {
  Result result;
  result.verdict = Verdict::CE;
  result.returncode = 1;
  result.compile = step(Cause::exited);
  result.compiler_output = "a.cpp:1: error: \x1b]0;evil\x07\n";
  result.stderr_bytes = result.compiler_output;
  return result;
}

// What one report writes, and the status it returns.
struct Reported {
  std::string out, err;
  int status = 0;
};

Reported report(const Result& result, const ReportOptions& options = {}) {
  Reported reported;
  Timeline timeline;
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  reported.status = report_result(result, options, timeline);
  reported.out = testing::internal::GetCapturedStdout();
  reported.err = testing::internal::GetCapturedStderr();
  return reported;
}

TEST(VerdictLine, TellsHowItEndedWhatItUsedAndWhere) {
  EXPECT_EQ(verdict_line(accepted()), "AC: exit code 0; 1.2 ms CPU, 3.0 ms wall, 1.5 MiB; cpp on node-1");
}

TEST(VerdictLine, TellsTheNodesWords) {
  auto result = accepted();
  result.verdict = Verdict::RTE;
  result.returncode = 139;
  result.message = "ended by signal 11 (SIGSEGV)";
  EXPECT_THAT(verdict_line(result), StartsWith("RTE: ended by signal 11 (SIGSEGV); 1.2 ms CPU"));
}

TEST(VerdictLine, TellsThatOutputWasCut) {
  auto result = accepted();
  result.run->stdout_cut = true;
  result.run->stdout_bytes = 1024;
  EXPECT_THAT(verdict_line(result), HasSubstr("stdout was cut after 1.0 KiB"));
}

TEST(VerdictLine, SpeaksOfAFailureWhereNothingRan) {
  Result result;
  result.verdict = Verdict::IE;
  result.message = "node one was lost; submit it again";
  result.node = "one";
  EXPECT_EQ(verdict_line(result), "IE: node one was lost; submit it again");
}

TEST(VerdictLine, IsHarmless) {
  auto result = accepted();
  result.node = "\x1b[2Jnode\n";
  EXPECT_THAT(verdict_line(result), HasSubstr("\\x1b[2Jnode\\x0a"));
}

TEST(Report, PassesTheProgramsOutputAsItIs) {
  const auto reported = report(accepted());
  EXPECT_EQ(reported.out, std::string("out\0\xff", 5));
  EXPECT_THAT(reported.err, StartsWith("\x1b[1merr\nrota: AC"));
  EXPECT_EQ(reported.status, 0);
}

TEST(Report, SaysNothingOfItsOwnWhereItIsToBeQuietAndAllWentWell) {
  auto result = accepted();
  result.compiler_output = "warning: x\n";
  EXPECT_EQ(report(result, {.quiet = true}).err, "\x1b[1merr\n");
  EXPECT_THAT(report(result).err, StartsWith("warning: x\n"));
}

TEST(Report, SaysTheVerdictWhereItIsToBeQuietAndAllDidNotGoWell) {
  EXPECT_THAT(report(refused_by_compiler(), {.quiet = true}).err, HasSubstr("rota: CE"));
}

TEST(Report, PrintsTheCompilersMessagesOnceAndHarmlessOnStderr) {
  const auto reported = report(refused_by_compiler());
  EXPECT_EQ(reported.out, "");
  EXPECT_THAT(reported.err, StartsWith("a.cpp:1: error: \\x1b]0;evil\\x07\nrota: CE: exit code 1"));
  EXPECT_EQ(reported.status, kCompileError);
}

TEST(Report, IsTheResultPacketAsJsonWhereAskedFor) {
  const auto result = accepted();
  const auto reported = report(result, {.json = true});
  EXPECT_EQ(reported.err, "");
  EXPECT_EQ(std::get<Result>(protocol::from_json(reported.out)), result);
}

TEST(Report, ShowsEachEventOnceWhetherItCameLiveOrWithTheResult) {
  protocol::Event event{UtcTime{}, Nanoseconds(5), "node-1", "", "run.started", {{"evil", "\x1b[2J"}}};
  auto result = accepted();
  result.events = {event};
  Timeline timeline;
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  timeline.show(event);
  report_result(result, {.events = true, .quiet = true}, timeline);
  testing::internal::GetCapturedStdout();
  const auto said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(said.find("run.started"), said.rfind("run.started"));
  EXPECT_THAT(said, HasSubstr("run.started"));
  EXPECT_THAT(said, Not(HasSubstr("\x1b[2J")));
}

TEST(Report, OfAnErrorPacketNamesCodeAndPlaceHarmlessly) {
  testing::internal::CaptureStderr();
  const int status =
      report_error({protocol::ErrorCode::unknown_value, "", "language", "no \x1b[2J language"}, {});
  const auto said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(status, kUsage);
  EXPECT_EQ(said, "rota: refused: unknown_value (language): no \\x1b[2J language\n");
}

protocol::Event event(const std::string& name, std::uint32_t attempt, std::uint32_t sequence) {
  protocol::Event event;
  event.time = UtcTime{std::chrono::seconds(1)};
  event.host = "node-1";
  event.name = name;
  event.attempt = attempt;
  event.sequence = sequence;
  return event;
}

std::string shown(const std::vector<protocol::Event>& events) {
  Timeline timeline;
  testing::internal::CaptureStderr();
  for (const auto& each : events) timeline.show(each);
  return testing::internal::GetCapturedStderr();
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(Timeline, ShowsANumberedEventOnce) {
  EXPECT_EQ(lines(shown({event("run.started", 1, 3), event("run.started", 1, 3)})), 1u);
}

TEST(Timeline, TellsTheEventsOfTwoAttemptsApartThoughTheirTimeIsTheSame) {
  EXPECT_EQ(lines(shown({event("run.started", 1, 3), event("run.started", 2, 3)})), 2u);
}

TEST(Timeline, ShowsAnEventWithoutANumberOnceForEachTimeAndName) {
  EXPECT_EQ(lines(shown({event("queued", 0, 0), event("queued", 0, 0), event("received", 0, 0)})), 2u);
}

TEST(Report, SaysThatThePortalIsTheOlderOneWhereItDoesNotSpeakOurVersion) {
  testing::internal::CaptureStderr();
  const protocol::Error error{protocol::ErrorCode::unsupported_version, "", "rota", "send \"rota\":1"};
  EXPECT_EQ(report_error(error, {}), kUnavailable);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("upgrade portals first"));
}

}  // namespace
}  // namespace rota::client
