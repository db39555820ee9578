#include "judge-node/compile_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rota::node {
namespace {

using protocol::Cause;
using testing::ElementsAre;
using testing::HasSubstr;

CompileStep step(std::vector<std::string> argv, std::vector<std::string> outputs) {
  CompileStep made;
  made.argv = std::move(argv);
  made.outputs = std::move(outputs);
  return made;
}

sandbox::RunReply ended(int code, std::vector<std::string> outputs = {}) {
  sandbox::RunReply reply;
  reply.report = {.cause = Cause::exited,
                  .exit_code = code,
                  .cpu_time = std::chrono::milliseconds(10),
                  .memory_bytes = 5};
  for (const std::string& name : outputs) {
    const MemoryFile file = MemoryFile::sealed("content of " + name);
    reply.outputs.push_back({name, UniqueFd(::dup(file.fd())), file.size()});
  }
  return reply;
}

std::vector<std::string> names_of(const std::vector<sandbox::InputFile>& inputs) {
  std::vector<std::string> names;
  for (const auto& input : inputs) names.push_back(input.name);
  return names;
}

TEST(CompileRunTest, GivesEachStepWhatTheOneBeforeMade) {
  const std::vector<CompileStep> steps{step({"as", "{source}"}, {"a.o"}),
                                       step({"ld", "-o", "{output}"}, {"program"})};
  const MemoryFile source = MemoryFile::sealed("x");
  CompileRun run(steps,
                 {{{.name = "a.s", .fd = source.fd()}}, {.texts = {{"{source}", "a.s"}}, .lists = {}}});
  auto spec = run.next_spec();
  EXPECT_THAT(spec.argv, ElementsAre("as", "a.s"));
  EXPECT_THAT(names_of(spec.inputs), ElementsAre("a.s"));
  EXPECT_TRUE(run.step_ended(ended(0, {"a.o"})));
  spec = run.next_spec();
  EXPECT_THAT(spec.argv, ElementsAre("ld", "-o", "program"));
  EXPECT_THAT(names_of(spec.inputs), ElementsAre("a.s", "a.o"));
  EXPECT_FALSE(run.step_ended(ended(0, {"program"})));
  const auto program = run.take_program();
  ASSERT_EQ(program->artifacts.size(), 1u);
  EXPECT_EQ(program->artifacts[0].file.read(100), "content of program");
  EXPECT_EQ(program->report.cpu_time, std::chrono::milliseconds(20)) << "of both";
}

TEST(CompileRunTest, EndsWithTheStepThatFails) {
  const std::vector<CompileStep> steps{step({"as"}, {"a.o"}), step({"ld"}, {"program"})};
  CompileRun run(steps, {});
  run.next_spec();
  EXPECT_FALSE(run.step_ended(ended(1)));
  const auto program = run.take_program();
  EXPECT_FALSE(made_program(*program));
  EXPECT_EQ(program->report.exit_code, 1);
}

TEST(CompileRunTest, TakesEverythingThatFitsAPattern) {
  const std::vector<CompileStep> steps{step({"javac"}, {"*.class"})};
  CompileRun run(steps, {});
  run.next_spec();
  EXPECT_FALSE(run.step_ended(ended(0, {"A.class", "B.class"})));
  EXPECT_EQ(run.take_program()->artifacts.size(), 2u);
}

TEST(CompileRunTest, SaysWhichFileWasNotMade) {
  const std::vector<CompileStep> steps{step({"cc"}, {"program"})};
  CompileRun run(steps, {});
  run.next_spec();
  EXPECT_FALSE(run.step_ended(ended(0)));
  EXPECT_THAT(run.take_program()->problem, HasSubstr("made no file 'program' of at most 64 MiB"));
}

TEST(StepSpec, FillsInTheMemoryAndTheHeap) {
  Step java;
  java.argv = {"java", "-Xmx{heap_mib}m", "{memory_mib}"};
  java.heap_percent = 75;
  java.address_space = AddressSpace::free;
  const auto spec = spec_of(java, {.memory_bytes = 256u << 20}, {}, {});
  EXPECT_THAT(spec.argv, ElementsAre("java", "-Xmx192m", "256"));
  EXPECT_TRUE(spec.free_address_space);
  EXPECT_THAT(spec_of(java, {.memory_bytes = 1u << 20}, {}, {}).argv, ElementsAre("java", "-Xmx8m", "1"));
}

TEST(StepSpec, LimitsTheAddressSpaceWhereTheLanguageWantsIt) {
  Step step;
  step.argv = {"x"};
  step.address_space = AddressSpace::memory;
  const auto spec = spec_of(step, {.memory_bytes = 64u << 20}, {}, {});
  EXPECT_EQ(spec.address_space_bytes, 64u << 20);
  EXPECT_FALSE(spec.free_address_space);
}

}  // namespace
}  // namespace rota::node
