// Programs that end badly or go too far: the right verdict, and a node that is fine afterwards.
#include <gmock/gmock.h>

#include <csignal>

#include "tests/integration/node/node_fixture.hpp"

namespace rota::test {
namespace {

using protocol::Cause;
using protocol::Verdict;
using std::chrono::milliseconds;
using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

class LimitsOfRuns : public NodeTest {
 protected:
  void SetUp() override { start_node(); }
  void TearDown() override { expect_that_the_node_is_fine(); }
};

TEST_F(LimitsOfRuns, AnExitCodeIsARuntimeError) {
  const auto result = submit(job("three.c", "int main(void) { return 3; }"));
  EXPECT_EQ(result.verdict, Verdict::RTE);
  EXPECT_EQ(result.returncode, 3);
  EXPECT_EQ(result.message, "ended with exit code 3");
}

TEST_F(LimitsOfRuns, ASegmentationFaultIsNamed) {
  const auto result = submit(
      job("crash.c", "#include <signal.h>\nint main(void) { volatile int* p = 0; *p = 1; return 0; }"));
  EXPECT_EQ(result.verdict, Verdict::RTE);
  EXPECT_EQ(result.returncode, 128 + SIGSEGV);
  EXPECT_EQ(result.message, "ended by signal 11 (SIGSEGV)");
  EXPECT_EQ(result.run->signal, SIGSEGV);
}

TEST_F(LimitsOfRuns, AnEndlessLoopEndsByItsCpuTime) {
  auto loop = job("loop.c", "int main(void) { for (;;) {} }");
  loop.limits.cpu_time = milliseconds(500);
  const auto result = submit(loop);
  EXPECT_EQ(result.verdict, Verdict::TLE);
  EXPECT_EQ(result.run->cause, Cause::cpu_time);
  EXPECT_GE(result.run->cpu_time, milliseconds(500));
  EXPECT_LT(result.run->cpu_time, milliseconds(1500));
  EXPECT_THAT(result.message, StartsWith("CPU time limit of 500 ms passed after "));
  EXPECT_THAT(names_of(result.events), Contains("limit.hit"));
}

TEST_F(LimitsOfRuns, ASleeperEndsByItsWallTime) {
  auto sleeper = job("sleep.sh", "echo before; sleep 30");
  sleeper.limits.wall_time = milliseconds(300);
  const auto result = submit(sleeper);
  EXPECT_EQ(result.verdict, Verdict::TLE);
  EXPECT_EQ(result.run->cause, Cause::wall_time);
  EXPECT_LT(result.run->wall_time, milliseconds(3000));
  EXPECT_EQ(result.stdout_bytes, "before\n") << "what it wrote before is kept";
}

TEST_F(LimitsOfRuns, AForkBombIsContained) {
  if (lacks("pids-cgroup"))
    GTEST_SKIP() << "nothing counts its processes; missing here: " << missing_layers();
  auto bomb = job("bomb.c", "#include <unistd.h>\nint main(void) { for (;;) fork(); }");
  bomb.limits.cpu_time = milliseconds(1000);
  bomb.limits.wall_time = milliseconds(3000);
  bomb.limits.processes = 32;
  const auto result = submit(bomb);
  EXPECT_EQ(result.verdict, Verdict::TLE);
  EXPECT_TRUE(result.run->process_limit_hit);
  EXPECT_THAT(result.message, HasSubstr("the limit of 32 processes was reached"));
}

TEST_F(LimitsOfRuns, AFloodOfOutputIsCut) {
  auto flood = job("flood.c", "#include <stdio.h>\nint main(void) { for (;;) puts(\"0123456789abcde\"); }");
  flood.limits.output_bytes = 1 << 20;
  const auto result = submit(flood);
  EXPECT_EQ(result.verdict, Verdict::OLE);
  EXPECT_EQ(result.stdout_bytes.size(), 1u << 20);
  EXPECT_TRUE(result.run->stdout_cut);
  EXPECT_THAT(result.message, StartsWith("wrote more than 1 MiB to stdout after "));
}

TEST_F(LimitsOfRuns, AMemoryHogIsStopped) {
  if (lacks("memory-cgroup")) GTEST_SKIP() << "nothing counts its memory; missing here: " << missing_layers();
  auto hog = job("hog.c",
                 "#include <stdlib.h>\n#include <string.h>\n"
                 "int main(void) { for (;;) { char* p = malloc(1 << 20); if (p) memset(p, 1, 1 << 20); } }");
  hog.limits.memory_bytes = 64 << 20;
  const auto result = submit(hog);
  EXPECT_EQ(result.verdict, Verdict::MLE);
  EXPECT_EQ(result.message, "memory limit of 64 MiB reached");
  EXPECT_LE(result.run->memory_bytes, 65u << 20);
}

TEST_F(LimitsOfRuns, ACompilerThatIncludesForEverIsACompileError) {
  const auto result = submit(job("endless.c", "#include \"/dev/zero\"\n"));
  EXPECT_EQ(result.verdict, Verdict::CE);
  EXPECT_THAT(result.message, StartsWith("compiler: "));
}

}  // namespace
}  // namespace rota::test
