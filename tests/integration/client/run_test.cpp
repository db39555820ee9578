// rota run without a portal: starts its own, and leaves nothing behind.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/integration/client/command.hpp"
#include "tests/support/missing_layers.hpp"
#include "tests/support/processes.hpp"

namespace rota::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class RunTest : public testing::Test {
 protected:
  void expect_nothing_left() {
    EXPECT_THAT(home_.processes(), IsEmpty());
    EXPECT_TRUE(std::filesystem::is_empty(home_.temporary()));
  }

  static std::vector<std::string> run(const std::vector<std::string>& arguments) {
    auto all = also_without_cgroups({"run"});
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
  }

  Home home_;
};

TEST_F(RunTest, NeedsNoPortalAndLeavesNothingBehind) {
  home_.write("hello.c", "#include <stdio.h>\nint main(void) { puts(\"hello\"); return 4; }\n");
  const auto outcome = rota(home_, run({"hello.c", "--", "unused"}));
  EXPECT_EQ(outcome.status, 4) << outcome.err;
  EXPECT_EQ(outcome.out, "hello\n");
  expect_nothing_left();
}

TEST_F(RunTest, EndsItsDaemonsOnCtrlC) {
  home_.write("wait.sh", "sleep 1000\n");
  Command command(home_, run({"wait.sh", "--events"}));
  command.await_err("run.started");
  EXPECT_THAT(home_.daemons(), testing::SizeIs(2));
  EXPECT_THAT(home_.processes(), testing::SizeIs(testing::Ge(4u)));  // rota itself, the daemons, a box
  command.signal(SIGINT);
  EXPECT_EQ(command.finish().status, 130);
  expect_nothing_left();
}

TEST_F(RunTest, EndsItsDaemonsWhereItIsKilled) {
  home_.write("wait.sh", "sleep 1000\n");
  Command command(home_, run({"wait.sh", "--events"}));
  command.await_err("run.started");
  command.signal(SIGKILL);
  EXPECT_EQ(command.finish().status, 128 + SIGKILL);
  EXPECT_TRUE(becomes_true([this] { return home_.processes().empty(); }));
}

TEST_F(RunTest, EndsItsDaemonsWhereItIsInterruptedWhileTheyStart) {
  home_.write("hello.sh", "echo hello\n");
  Command command(home_, run({"hello.sh"}));
  ASSERT_TRUE(becomes_true([this] { return !home_.daemons().empty(); }));
  command.signal(SIGTERM);
  EXPECT_EQ(command.finish().status, 128 + SIGTERM);
  expect_nothing_left();
}

TEST_F(RunTest, UsesTheConfiguredPortalWhereThereIsOne) {
  home_.write("hello.sh", "echo hello\n");
  home_.write(".rota.json", R"({"portal": "127.0.0.1:1"})");
  const auto outcome = rota(home_, run({"hello.sh"}));
  EXPECT_EQ(outcome.status, 75);
  EXPECT_THAT(outcome.err, HasSubstr("cannot connect to 127.0.0.1:1"));
}

TEST_F(RunTest, ShowsColourOnATerminalOnly) {
  home_.write("hello.sh", "echo hello\n");
  EXPECT_THAT(rota(home_, run({"hello.sh"}), {.terminal = true}).err, HasSubstr("\x1b[32mAC"));
  EXPECT_THAT(rota(home_, run({"hello.sh"})).err, testing::Not(HasSubstr("\x1b")));
  EXPECT_THAT(rota(home_, run({"hello.sh"}), {.environment = {{"NO_COLOR", "1"}}, .terminal = true}).err,
              testing::Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace rota::test
