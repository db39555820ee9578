// What comes back through portal and node for programs of every kind, in C++ as a class would write them. The
// node is the same for all of them, and fine afterwards.

#include <gmock/gmock.h>

#include "protocol/conversion.hpp"
#include "tests/integration/cluster/cluster.hpp"

namespace rota::test {
namespace {

using namespace std::chrono_literals;
using protocol::Result;
using protocol::Submit;
using protocol::Verdict;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class VerdictTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { cluster = std::make_unique<Cluster>(1); }
  static void TearDownTestSuite() {
    EXPECT_TRUE(cluster->stop());
    cluster.reset();
  }

  // A clean program right after: whatever ran before has cost nobody anything.
  void TearDown() override {
    const auto result = run(job("after.cpp", "#include <cstdio>\nint main() { puts(\"still here\"); }"));
    EXPECT_EQ(result.verdict, Verdict::AC) << result.message;
    EXPECT_EQ(result.stdout_bytes, "still here\n");
  }

  static Result run(const Submit& submit) { return cluster->connect().submit(submit); }

  static Submit cpp(const std::string& source) {
    auto submit = job("program.cpp", source);
    submit.limits.cpu_time = 1000ms;
    submit.limits.wall_time = 3000ms;
    return submit;
  }

  static inline std::unique_ptr<Cluster> cluster;
};

// Where a layer is missing the outcome is another one: that is said, not passed over.
#define NEEDS_LAYER(name)                                             \
  if (const auto missing = missing_layers(cluster->log_of("node-1")); \
      missing.find(name) != std::string::npos)                        \
  GTEST_SKIP() << "NOT TESTED, this host does not give a node: " << missing

std::vector<std::string> names_of(const std::vector<protocol::Event>& events) {
  std::vector<std::string> names;
  for (const auto& event : events) names.push_back(event.name);
  return names;
}

TEST_F(VerdictTest, AProgramThatRunsIsAcceptedWithItsWholeTimeline) {
  const auto result =
      run(cpp("#include <iostream>\nint main() { std::cout << \"hello\\n\"; std::cerr << \"note\\n\"; }"));
  EXPECT_EQ(result.verdict, Verdict::AC) << result.message << result.stderr_bytes;
  EXPECT_EQ(result.returncode, 0);
  EXPECT_EQ(result.stdout_bytes, "hello\n");
  EXPECT_EQ(result.stderr_bytes, "note\n");
  EXPECT_EQ(result.node, "node-1");
  EXPECT_THAT(names_of(result.events),
              ElementsAre("received", "queued", "dispatched", "accepted", "compile.started",
                          "compile.finished", "run.started", "run.finished", "collected", "returned"));
  EXPECT_TRUE(std::is_sorted(result.events.begin(), result.events.end(),
                             [](const auto& a, const auto& b) { return a.time < b.time; }));
  ASSERT_TRUE(result.run);
  EXPECT_GT(result.run->cpu_time, 0ns);
  EXPECT_GT(result.run->memory_bytes, 0u);
}

TEST_F(VerdictTest, ACompileErrorBringsTheCompilersMessageAndReturnCode) {
  const auto result = run(cpp("int main() { return undeclared_name; }"));
  EXPECT_EQ(result.verdict, Verdict::CE);
  EXPECT_EQ(result.returncode, 1);
  EXPECT_THAT(result.stderr_bytes, AllOf(HasSubstr("program.cpp:1"), HasSubstr("undeclared_name")));
  EXPECT_FALSE(result.run);
}

TEST_F(VerdictTest, AProgramReadsItsStandardInput) {
  auto submit = cpp("#include <iostream>\nint main() { long a, b; std::cin >> a >> b; std::cout << a + b; }");
  submit.stdin_bytes = "40 2\n";
  EXPECT_EQ(run(submit).stdout_bytes, "42");
}

TEST_F(VerdictTest, BinaryOutputComesBackByteForByte) {
  const auto result =
      run(cpp("#include <cstdio>\nint main() { for (int i = 0; i < 512; ++i) putchar(i & 255); }"));
  std::string expected;
  for (int i = 0; i < 512; ++i) expected += static_cast<char>(i & 255);
  EXPECT_EQ(result.verdict, Verdict::AC);
  EXPECT_EQ(result.stdout_bytes, expected);
}

TEST_F(VerdictTest, AnExitCodeIsTheReturnCode) {
  const auto result = run(cpp("int main() { return 3; }"));
  EXPECT_EQ(result.verdict, Verdict::RTE);
  EXPECT_EQ(result.returncode, 3);
}

TEST_F(VerdictTest, ASignalIsTheReturnCodePlus128) {
  const auto result = run(cpp("int main() { volatile int* nowhere = nullptr; *nowhere = 1; }"));
  EXPECT_EQ(result.verdict, Verdict::RTE);
  EXPECT_EQ(result.returncode, 128 + 11);
  EXPECT_EQ(result.run->signal, 11);
}

TEST_F(VerdictTest, AnEndlessLoopRunsIntoTheTimeLimit) {
  auto loop = cpp("int main() { for (volatile int i = 0;; i = i + 1) {} }");
  loop.limits.wall_time = 60s;  // a busy machine gives it little of each second
  const auto result = run(loop);
  EXPECT_EQ(result.verdict, Verdict::TLE);
  EXPECT_EQ(result.run->cause, protocol::Cause::cpu_time);
  EXPECT_GE(result.run->cpu_time, 1000ms);
  EXPECT_LT(result.run->cpu_time, 1500ms);
  EXPECT_THAT(names_of(result.events), Contains("limit.hit"));
}

TEST_F(VerdictTest, SleepingRunsIntoTheWallTimeLimit) {
  const auto result = run(cpp("#include <unistd.h>\nint main() { for (;;) pause(); }"));
  EXPECT_EQ(result.verdict, Verdict::TLE);
  EXPECT_EQ(result.run->cause, protocol::Cause::wall_time);
}

TEST_F(VerdictTest, AForkBombRunsIntoTheProcessLimitAndThenTheTimeLimit) {
  NEEDS_LAYER("pids-cgroup");
  const auto result = run(cpp("#include <unistd.h>\nint main() { for (;;) fork(); }"));
  EXPECT_EQ(result.verdict, Verdict::TLE);
  EXPECT_TRUE(result.run->process_limit_hit);
}

TEST_F(VerdictTest, EndlessOutputRunsIntoTheOutputLimitAndKeepsWhatCameBefore) {
  auto submit = cpp("#include <cstdio>\nint main() { for (;;) puts(\"again and again\"); }");
  submit.limits.output_bytes = 64 << 10;
  const auto result = run(submit);
  EXPECT_EQ(result.verdict, Verdict::OLE);
  EXPECT_EQ(result.stdout_bytes.size(), 64u << 10);
  EXPECT_TRUE(result.stdout_bytes.starts_with("again and again\nagain"));
  EXPECT_TRUE(result.run->stdout_cut);
}

TEST_F(VerdictTest, EndlessAllocationRunsIntoTheMemoryLimit) {
  NEEDS_LAYER("memory-cgroup");
  auto submit = cpp(
      "#include <cstdlib>\n#include <cstring>\nint main() { for (;;) memset(malloc(1 << 20), 1, 1 << 20); }");
  submit.limits.memory_bytes = 64 << 20;
  const auto result = run(submit);
  EXPECT_EQ(result.verdict, Verdict::MLE);
  EXPECT_EQ(result.run->cause, protocol::Cause::memory);
}

TEST_F(VerdictTest, AForbiddenSystemCallIsNamedSo) {
  const auto result = run(cpp("#include <sys/ptrace.h>\nint main() { ptrace(PTRACE_TRACEME, 0, 0, 0); }"));
  EXPECT_EQ(result.verdict, Verdict::SV);
  EXPECT_EQ(result.returncode, 128 + 31);
}

TEST_F(VerdictTest, TheSecondSubmissionOfTheSameSourceIsNotCompiledAgain) {
  const auto submit = cpp("#include <cstdio>\nint main() { puts(\"twice\"); }");
  EXPECT_FALSE(run(submit).compile_cached);
  const auto second = run(submit);
  EXPECT_TRUE(second.compile_cached);
  EXPECT_EQ(second.stdout_bytes, "twice\n");
}

TEST_F(VerdictTest, EveryLanguageOfTheTableSaysHello) {
  EXPECT_EQ(run(job("a.c", "#include <stdio.h>\nint main(void) { puts(\"C\"); }")).stdout_bytes, "C\n");
  EXPECT_EQ(run(job("a.cpp", "#include <iostream>\nint main() { std::cout << \"C++\\n\"; }")).stdout_bytes,
            "C++\n");
  EXPECT_EQ(run(job("a.py", "print('Python')\n")).stdout_bytes, "Python\n");
  EXPECT_EQ(run(job("a.sh", "echo Bash\n")).stdout_bytes, "Bash\n");
}

}  // namespace
}  // namespace rota::test
