// The heads of attack programs, and how an outcome is compared with what they say.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/temp_dir.hpp"
#include "sandbox/self_test/attack.hpp"
#include "sandbox/self_test/comparison.hpp"

namespace rota::sandbox {
namespace {

using protocol::Cause;
using testing::ElementsAre;
using testing::IsEmpty;

class AttackHead : public testing::Test {
 protected:
  Attack read(const std::string& text, const std::string& name = "trick.c") {
    std::filesystem::create_directories(folder_.path() / "family");
    const auto path = folder_.path() / "family" / name;
    std::ofstream(path) << text;
    return read_attack(path);
  }

  TempDir folder_{"rota-self-test-"};
};

TEST_F(AttackHead, SaysWhatIsRunAndWhatComesOfIt) {
  const Attack attack = read(
      "// Tries something.\n"
      "// marks: self-test slow\n"
      "// limits: cpu_ms=300 memory_mb=32\n"
      "// outputs: result other\n"
      "// needs: memory-cgroup\n"
      "// expect: cause=exited exit=0\n"
      "#include <stdio.h>\n");
  EXPECT_EQ(attack.id(), "family/trick");
  EXPECT_TRUE(attack.in_self_test);
  EXPECT_TRUE(attack.slow);
  EXPECT_EQ(attack.limits.cpu_time.count(), 300);
  EXPECT_EQ(attack.limits.memory_bytes, 32u << 20);
  EXPECT_THAT(attack.outputs, ElementsAre("result", "other"));
  EXPECT_THAT(attack.needs, ElementsAre("memory-cgroup"));
  EXPECT_EQ(attack.expected.at("exit"), "0");
  EXPECT_FALSE(attack.first);
  EXPECT_THAT(attack.command, IsEmpty());
}

TEST_F(AttackHead, EndsWithTheFirstLineThatIsNoComment) {
  EXPECT_THAT(read("// expect: exit=0\n\n// expect: exit=1\n").expected.at("exit"), "0");
}

TEST_F(AttackHead, OfAScriptNamesItsInterpreterByTheSuffix) {
  EXPECT_THAT(read("# expect: exit=0\n", "trick.py").command, ElementsAre("/usr/bin/python3", "{source}"));
  EXPECT_THAT(read("# command: bash {source}\n", "trick.sh").command, ElementsAre("bash", "{source}"));
}

TEST_F(AttackHead, WithAFirstLineHasTwoRuns) {
  const Attack attack = read("// first: cause=memory\n// expect: cause=exited\n");
  EXPECT_EQ(attack.first->at("cause"), "memory");
  EXPECT_EQ(attack.expected.at("cause"), "exited");
}

TEST_F(AttackHead, ThatIsNotUnderstoodIsRefused) {
  EXPECT_THROW(read("// expects: exit=0\n"), std::runtime_error);
  EXPECT_THROW(read("// expect: exit\n"), std::runtime_error);
  EXPECT_THROW(read("// limits: cpu_s=1\n"), std::runtime_error);
  EXPECT_THROW(read("// limits: cpu_ms=much\n"), std::runtime_error);
  EXPECT_THROW(read("// marks: quick\n"), std::runtime_error);
  EXPECT_THROW(read("// needs: memory-cgruop\n"), std::runtime_error);
}

RunReply forbidden(const std::string& detail) {
  RunReply reply;
  reply.report.cause = Cause::forbidden_syscall;
  reply.report.signal = 31;
  reply.report.detail = detail;
  return reply;
}

TEST(Comparison, SaysInASentenceWhatDiffers) {
  RunReply reply;
  reply.report.cause = Cause::exited;
  reply.report.exit_code = 3;
  EXPECT_THAT(compare({{"cause", "exited"}, {"exit", "0"}}, reply), ElementsAre("exit: expected 0, was 3"));
  EXPECT_THAT(compare({{"cause", "exited"}, {"exit", "3"}}, reply), IsEmpty());
}

TEST(Comparison, RefusesAnEmptyOrUnknownExpectation) {
  EXPECT_THAT(compare({}, {}), ElementsAre("the program's head names no outcome"));
  EXPECT_THAT(compare({{"colour", "red"}}, {}), ElementsAre("unknown expectation colour"));
}

TEST(Comparison, AllowsNoOutputUnlessItIsNamed) {
  RunReply reply;
  reply.outputs.push_back({"result", UniqueFd(), 1});
  EXPECT_THAT(compare({{"exit", "none"}}, reply), ElementsAre("outputs: expected 0, was 1"));
  EXPECT_THAT(compare({{"outputs", "1"}}, reply), IsEmpty());
}

TEST(Comparison, FindsTheNameOfTheForbiddenCall) {
  const RunReply reply =
      forbidden("forbidden system call ptrace(16, 1, 0, 0); output file x is not a regular file");
  EXPECT_THAT(compare({{"syscall", "ptrace"}, {"refused", "x"}}, reply), IsEmpty());
  EXPECT_EQ(compare({{"syscall", "mount"}}, reply).front(), "syscall: expected mount, was ptrace");
}

TEST(Comparison, TakesOneOfSeveralWholeAlternatives) {
  const RunReply reply = forbidden("forbidden system call ptrace(16, 1, 0, 0)");
  EXPECT_THAT(compare({{"syscall", "ptrace|none"}}, reply), IsEmpty());
  EXPECT_THAT(
      compare({{"syscall", "mount|ptrace2"}}, reply),
      ElementsAre("syscall: expected mount|ptrace2, was ptrace", "the box says: " + reply.report.detail));
}

TEST(Comparison, WantsTheNameOfACallThatIsExpected) {
  const RunReply reply = forbidden("a forbidden system call, interrupted before it could be named");
  EXPECT_THAT(compare({{"syscall", "ptrace"}}, reply).front(), "syscall: expected ptrace, was none");
  EXPECT_THAT(compare({{"syscall", "none"}}, reply), IsEmpty());
}

TEST(Comparison, TakesAnotherCauseForNoForbiddenCall) {
  RunReply reply;
  reply.report.cause = Cause::exited;
  EXPECT_EQ(compare({{"syscall", "ptrace"}}, reply).front(), "syscall: expected ptrace, was none");
}

}  // namespace
}  // namespace rota::sandbox
