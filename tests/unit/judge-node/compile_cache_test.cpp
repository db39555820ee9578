#include "judge-node/compile_cache.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rota::node {
namespace {

using protocol::Cause;
using testing::ElementsAre;
using testing::IsEmpty;
using Turn = CompileCache::Turn;

ProgramPtr program(std::uint64_t size = 0) {
  auto made = std::make_shared<CompiledProgram>();
  made->report = {.cause = Cause::exited, .exit_code = 0};
  made->artifacts.push_back({"program", MemoryFile::sealed(""), size});
  return made;
}

ProgramPtr program_of_files(int count) {
  auto made = std::make_shared<CompiledProgram>();
  made->report = {.cause = Cause::exited, .exit_code = 0};
  for (int i = 0; i < count; ++i) made->artifacts.push_back({std::to_string(i), MemoryFile::sealed(""), 0});
  return made;
}

ProgramPtr failure(Cause cause, int exit_code = 1) {
  auto made = std::make_shared<CompiledProgram>();
  made->report = {.cause = cause, .exit_code = exit_code};
  return made;
}

void compile(CompileCache& cache, const std::string& key, const ProgramPtr& made) {
  ASSERT_EQ(cache.claim(key, 0).turn, Turn::lead) << key;
  EXPECT_THAT(cache.finish(key, made), IsEmpty());
}

TEST(CompileCache, HandsOutWhatWasCompiled) {
  CompileCache cache;
  const ProgramPtr made = program();
  compile(cache, "a", made);
  const auto claim = cache.claim("a", 1);
  EXPECT_EQ(claim.turn, Turn::hit);
  EXPECT_EQ(claim.program, made);
  EXPECT_EQ(cache.claim("b", 1).turn, Turn::lead);
}

TEST(CompileCache, EqualCompilesAtOnceHaveOneLeader) {
  CompileCache cache;
  EXPECT_EQ(cache.claim("a", 1).turn, Turn::lead);
  EXPECT_EQ(cache.claim("a", 2).turn, Turn::wait);
  EXPECT_EQ(cache.claim("b", 3).turn, Turn::lead);
  EXPECT_EQ(cache.claim("a", 4).turn, Turn::wait);
  EXPECT_THAT(cache.finish("a", program()), ElementsAre(2, 4));
  EXPECT_THAT(cache.finish("b", program()), IsEmpty());
}

TEST(CompileCache, AJobThatHasGoneIsNotServed) {
  CompileCache cache;
  cache.claim("a", 1);
  cache.claim("a", 2);
  cache.claim("a", 3);
  cache.leave("a", 2);
  cache.leave("none", 9);
  EXPECT_THAT(cache.finish("a", program()), ElementsAre(3));
}

TEST(CompileCache, AfterALeaderGaveUpTheNextLeads) {
  CompileCache cache;
  cache.claim("a", 1);
  cache.claim("a", 2);
  EXPECT_THAT(cache.abandon("a"), ElementsAre(2));
  EXPECT_EQ(cache.claim("a", 2).turn, Turn::lead);
}

TEST(CompileCache, KeepsNoRefusalAndNoCompileThatWasKilledOrBroken) {
  CompileCache cache;
  compile(cache, "refused", failure(Cause::exited));
  compile(cache, "killed", failure(Cause::wall_time));
  compile(cache, "broken", failure(Cause::box_failure));
  compile(cache, "exit code of a killed one", failure(Cause::memory, 0));
  auto without_program = std::make_shared<CompiledProgram>();
  without_program->report = {.cause = Cause::exited, .exit_code = 0};
  without_program->problem = "made no file";
  compile(cache, "made nothing", without_program);
  EXPECT_EQ(cache.entries(), 0u);
  EXPECT_EQ(cache.bytes(), 0u);
}

TEST(CompileCache, ThoseWhoWaitedHearOfARefusalToo) {
  CompileCache cache;
  cache.claim("a", 1);
  cache.claim("a", 2);
  EXPECT_THAT(cache.finish("a", failure(Cause::exited)), ElementsAre(2));
}

TEST(CompileCache, DropsTheLeastRecentlyUsedPastItsEntries) {
  CompileCache cache({.max_bytes = 1 << 30, .max_entries = 2});
  compile(cache, "a", program());
  compile(cache, "b", program());
  EXPECT_EQ(cache.claim("a", 0).turn, Turn::hit);
  compile(cache, "c", program());
  EXPECT_EQ(cache.claim("a", 0).turn, Turn::hit);
  EXPECT_EQ(cache.claim("c", 0).turn, Turn::hit);
  EXPECT_EQ(cache.claim("b", 0).turn, Turn::lead);
}

TEST(CompileCache, StaysWithinItsBytes) {
  CompileCache cache({.max_bytes = 100'000, .max_entries = 100});
  compile(cache, "a", program(40'000));
  compile(cache, "b", program(40'000));
  compile(cache, "c", program(40'000));
  EXPECT_EQ(cache.entries(), 2u);
  EXPECT_LE(cache.bytes(), 100'000u);
  EXPECT_EQ(cache.claim("a", 0).turn, Turn::lead);
}

TEST(CompileCache, StaysWithinItsFiles) {
  CompileCache cache({.max_bytes = 1 << 30, .max_entries = 100, .max_files = 3});
  compile(cache, "a", program_of_files(1));
  compile(cache, "b", program_of_files(2));
  compile(cache, "only checked", program_of_files(0));
  EXPECT_EQ(cache.entries(), 3u);
  compile(cache, "c", program_of_files(1));
  EXPECT_EQ(cache.entries(), 3u);
  EXPECT_EQ(cache.claim("a", 0).turn, Turn::lead);
  compile(cache, "too many", program_of_files(4));
  EXPECT_EQ(cache.entries(), 3u) << "it does not empty itself for what it cannot keep";
}

TEST(CompileCache, DoesNotEmptyItselfForAProgramThatIsTooLarge) {
  CompileCache cache({.max_bytes = 100'000, .max_entries = 100});
  compile(cache, "small", program(1000));
  compile(cache, "large", program(200'000));
  EXPECT_EQ(cache.claim("small", 0).turn, Turn::hit);
  EXPECT_EQ(cache.claim("large", 0).turn, Turn::lead);
}

TEST(CompileCache, AProgramThatWasDroppedLivesOnForWhoUsesIt) {
  CompileCache cache({.max_bytes = 1 << 30, .max_entries = 1});
  compile(cache, "a", program());
  const ProgramPtr used = cache.claim("a", 1).program;
  compile(cache, "b", program());
  EXPECT_EQ(used->artifacts.at(0).name, "program");
}

}  // namespace
}  // namespace rota::node
