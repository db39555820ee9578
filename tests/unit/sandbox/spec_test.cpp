#include "sandbox/spec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rota::sandbox {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

RunSpec good() {
  RunSpec spec;
  spec.argv = {"true"};
  return spec;
}

std::string problem_of(const RunSpec& spec) {
  return find_problem(spec).value_or("none");
}

TEST(RunSpecCheck, TakesWhatIsGood) {
  EXPECT_EQ(problem_of(good()), "none");
}

TEST(RunSpecCheck, WantsAProgram) {
  EXPECT_THAT(problem_of(RunSpec{}), HasSubstr("no program"));
  RunSpec spec = good();
  spec.argv[0] = "";
  EXPECT_THAT(problem_of(spec), HasSubstr("no program"));
}

TEST(RunSpecCheck, BoundsArgumentsAndEnvironmentTogether) {
  RunSpec spec = good();
  spec.argv.emplace_back(kMaxOneArgumentBytes, 'a');
  const std::size_t left = kMaxArgumentBytes - kMaxOneArgumentBytes - 1 - sizeof "true";
  spec.argv.emplace_back(left - 1, 'b');  // and its NUL byte
  EXPECT_EQ(problem_of(spec), "none");
  spec.environment.push_back("A=");
  EXPECT_THAT(problem_of(spec), HasSubstr("pass 147456 bytes"));
}

TEST(RunSpecCheck, BoundsEachArgumentAsTheKernelDoes) {
  RunSpec spec = good();
  spec.environment = {"A=" + std::string(kMaxOneArgumentBytes - 2, 'a')};
  EXPECT_EQ(problem_of(spec), "none");
  spec.environment[0] += 'a';
  EXPECT_THAT(problem_of(spec), HasSubstr("passes 131071 bytes"));
}

TEST(RunSpecCheck, RefusesNulBytes) {
  RunSpec spec = good();
  spec.argv.emplace_back("a\0b", 3);
  EXPECT_THAT(problem_of(spec), HasSubstr("NUL"));
}

TEST(RunSpecCheck, WantsEnvironmentEntriesOfTheirForm) {
  for (const char* entry : {"", "NAME", "=value"}) {
    RunSpec spec = good();
    spec.environment = {entry};
    EXPECT_THAT(problem_of(spec), HasSubstr("NAME=value")) << entry;
  }
}

TEST(RunSpecCheck, RefusesNamesThatAreNotOneComponent) {
  for (const std::string& name :
       {std::string(""), std::string("."), std::string(".."), std::string("a//b"), std::string("a/../b"),
        std::string("a/"), std::string("/a"), std::string("a\0b", 3), std::string(256, 'x')}) {
    RunSpec spec = good();
    spec.outputs = {name};
    EXPECT_THAT(problem_of(spec), HasSubstr("output's name")) << name;
    spec = good();
    spec.inputs = {{name, 0, false}};
    EXPECT_THAT(problem_of(spec), HasSubstr("input's name")) << name;
  }
}

TEST(RunSpecCheck, TakesPathsOfInputsOnly) {
  RunSpec spec = good();
  spec.inputs = {{"a/b/c.h", 0, false}, {"a/b.h", 0, false}};
  EXPECT_EQ(problem_of(spec), "none");
  spec.outputs = {"a/b"};
  EXPECT_THAT(problem_of(spec), HasSubstr("output's name"));
}

TEST(RunSpecCheck, RefusesAnInputThatIsAnothersFolder) {
  RunSpec spec = good();
  spec.inputs = {{"a/b", 0, false}, {"a", 0, false}};
  EXPECT_EQ(problem_of(spec), "an input is both a file and a folder: a");
}

TEST(RunSpecCheck, TakesOnePatternInAnOutputsName) {
  RunSpec spec = good();
  spec.outputs = {"*.class", "a*"};
  EXPECT_EQ(problem_of(spec), "none");
  spec.outputs = {"*a*"};
  EXPECT_THAT(problem_of(spec), HasSubstr("at most one '*'"));
}

TEST(RunSpecCheck, BoundsTheBytesOfAllNames) {
  RunSpec spec = good();
  spec.outputs.assign(kMaxNamesBytes / 200 + 1, std::string(200, 'n'));
  EXPECT_EQ(problem_of(spec), "the names of inputs and outputs pass 32768 bytes");
}

TEST(RunSpecCheck, TakesStrangeButPlainNames) {
  for (const std::string& name :
       {std::string("..."), std::string("-rf"), std::string("a b\n"), std::string(255, 'x')}) {
    RunSpec spec = good();
    spec.outputs = {name};
    EXPECT_EQ(problem_of(spec), "none") << name;
  }
}

TEST(RunSpecCheck, RefusesTwoInputsOfOneName) {
  RunSpec spec = good();
  spec.inputs = {{"a", 0, false}, {"a", 0, false}};
  EXPECT_EQ(problem_of(spec), "two inputs have one name: a");
}

TEST(RunSpecCheck, BoundsTheNumberOfFiles) {
  RunSpec spec = good();
  for (std::size_t i = 0; i <= kMaxInputs; ++i) spec.inputs.push_back({std::to_string(i), 0, false});
  EXPECT_EQ(problem_of(spec), "more than 200 inputs");
  spec = good();
  spec.outputs.assign(kMaxOutputs + 1, "a");
  EXPECT_EQ(problem_of(spec), "more than 200 outputs");
}

TEST(RunSpecCheck, RefusesLimitsThatNoBoxCanKeep) {
  const auto with = [](auto change) {
    RunSpec spec = good();
    change(spec.limits);
    return problem_of(spec);
  };
  EXPECT_THAT(with([](auto& limits) { limits.cpu_time = 0ms; }), HasSubstr("CPU time"));
  EXPECT_THAT(with([](auto& limits) { limits.cpu_time = -1ms; }), HasSubstr("CPU time"));
  EXPECT_THAT(with([](auto& limits) { limits.wall_time = 25h; }), HasSubstr("wall time"));
  EXPECT_THAT(with([](auto& limits) { limits.memory_bytes = 1000; }), HasSubstr("memory"));
  EXPECT_THAT(with([](auto& limits) { limits.memory_bytes = UINT64_MAX; }), HasSubstr("memory"));
  EXPECT_THAT(with([](auto& limits) { limits.file_bytes = 0; }), HasSubstr("file"));
  EXPECT_THAT(with([](auto& limits) { limits.output_bytes = UINT64_MAX; }), HasSubstr("output"));
  EXPECT_THAT(with([](auto& limits) { limits.processes = 0; }), HasSubstr("process"));
  EXPECT_EQ(with([](auto& limits) { limits.output_bytes = 0; }), "none");
}

}  // namespace
}  // namespace rota::sandbox
