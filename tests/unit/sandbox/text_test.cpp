#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "sandbox/report_text.hpp"
#include "sandbox/step.hpp"
#include "sandbox/units.hpp"

namespace rota::sandbox {
namespace {

using namespace std::chrono_literals;

TEST(Units, ReadsBytes) {
  EXPECT_EQ(parse_bytes("0"), 0u);
  EXPECT_EQ(parse_bytes("512"), 512u);
  EXPECT_EQ(parse_bytes("512b"), 512u);
  for (const char* text : {"64M", "64m", "64MB", "64MiB"}) EXPECT_EQ(parse_bytes(text), 64u << 20) << text;
  EXPECT_EQ(parse_bytes("2K"), 2048u);
  EXPECT_EQ(parse_bytes("3g"), 3ull << 30);
}

TEST(Units, RefusesWhatIsNoAmountOfBytes) {
  for (const char* text : {"", "M", "-1", "+1", " 1", "1 M", "1.5M", "1T", "1Mi", "1MM", "0x10",
                           "99999999999G", "18446744073709551616", "9223372036854775808"}) {
    EXPECT_EQ(parse_bytes(text), std::nullopt) << text;
  }
}

TEST(Units, ReadsDurations) {
  EXPECT_EQ(parse_duration("1s"), 1000ms);
  EXPECT_EQ(parse_duration("3"), 3000ms);
  EXPECT_EQ(parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("2m"), 120'000ms);
  EXPECT_EQ(parse_duration("24m"), 24min);
}

TEST(Units, RefusesWhatIsNoDuration) {
  for (const char* text :
       {"", "s", "0", "0s", "0.0001s", "-1s", "1h", "1 s", "inf", "nan", "1e99", "100000"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

// The box links no protocol library, so it has the names once more: they must be the wire's.
TEST(ReportText, NamesCausesAsTheWireDoes) {
  for (int cause = 0; cause <= static_cast<int>(protocol::Cause::box_failure); ++cause) {
    EXPECT_EQ(cause_name(static_cast<protocol::Cause>(cause)),
              protocol::to_text(static_cast<protocol::Cause>(cause)));
  }
}

TEST(ReportText, IsJsonWhateverTheDetailHolds) {
  protocol::StepReport report;
  report.cause = protocol::Cause::exited;
  report.exit_code = 3;
  report.cpu_time = 1'234'567ns;
  report.memory_basis = "cgroup";
  report.detail = "quote \" backslash \\ line\nbell\a";
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json.at("cause"), "exited");
  EXPECT_EQ(json.at("exit_code"), 3);
  EXPECT_FALSE(json.contains("signal"));
  EXPECT_DOUBLE_EQ(json.at("cpu_time_ms"), 1.235);
  EXPECT_EQ(json.at("detail"), report.detail);
}

TEST(StepText, NamesStepAndError) {
  EXPECT_EQ(describe_failure(Step::mount_work, ENOSPC), "mount /work: No space left on device");
  EXPECT_EQ(describe_failure(Step::die_with_supervisor, EPERM),
            "ask to die with the supervisor: Operation not permitted");
  EXPECT_EQ(describe_failure(Step::start_program, ENOENT), "start the program: No such file or directory");
  EXPECT_EQ(describe_failure(static_cast<Step>(999), EPERM), "an unknown step: Operation not permitted");
}

}  // namespace
}  // namespace rota::sandbox
