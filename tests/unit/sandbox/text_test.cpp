#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "sandbox/report_text.hpp"
#include "sandbox/step.hpp"

namespace rota::sandbox {
namespace {

using namespace std::chrono_literals;

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
  EXPECT_EQ(describe_failure(Step::mount_proc, ENOSPC), "mount /proc: No space left on device");
  EXPECT_EQ(describe_failure(Step::die_with_supervisor, EPERM),
            "ask to die with the supervisor: Operation not permitted");
  EXPECT_EQ(describe_failure(Step::start_program, ENOENT), "start the program: No such file or directory");
  EXPECT_EQ(describe_failure(static_cast<Step>(999), EPERM), "an unknown step: Operation not permitted");
}

}  // namespace
}  // namespace rota::sandbox
