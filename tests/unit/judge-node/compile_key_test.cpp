#include "judge-node/compile_key.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "base/temp_dir.hpp"

namespace rota::node {
namespace {

Language language() {
  Language made;
  made.name = "C";
  made.id = "c";
  CompileStep step;
  step.argv = {"/bin/cc", "{source}"};
  step.environment = {"A=b"};
  step.outputs = {"p"};
  made.compile = {step};
  return made;
}

std::string key_of(const Language& language, protocol::Submit submission) {
  return compile_key(Job(std::move(submission), language, {}, "host", {}, {}));
}

std::string key_of(const Language& language, const char* file_name, const char* source) {
  return key_of(language, protocol::Submit{.file_name = file_name, .source = source});
}

TEST(CompileKey, IsTheSameForTheSameCompile) {
  EXPECT_EQ(key_of(language(), "a.c", "x"), key_of(language(), "a.c", "x"));
  EXPECT_EQ(key_of(language(), "a.c", "x").size(), 64u);
}

TEST(CompileKey, DiffersWithFileNameAndSource) {
  const std::string key = key_of(language(), "a.c", "x");
  EXPECT_NE(key_of(language(), "b.c", "x"), key);
  EXPECT_NE(key_of(language(), "a.c", "y"), key);
  EXPECT_NE(key_of(language(), "a.cx", ""), key) << "where a part ends counts";
}

TEST(CompileKey, DiffersWithEveryPartOfTheLanguagesCompileStep) {
  const std::string key = key_of(language(), "a.c", "x");
  const auto differs = [&](const auto& change) {
    Language changed = language();
    change(changed);
    return key_of(changed, "a.c", "x") != key;
  };
  EXPECT_TRUE(differs([](Language& l) { l.id = "d"; }));
  EXPECT_TRUE(differs([](Language& l) { l.compile[0].argv.emplace_back("-O2"); }));
  EXPECT_TRUE(differs([](Language& l) { l.compile[0].argv = {"/bin/cc{source}"}; }));
  EXPECT_TRUE(differs([](Language& l) { l.compile[0].environment.clear(); }));
  EXPECT_TRUE(differs([](Language& l) { l.compile[0].outputs = {"q"}; }));
  EXPECT_TRUE(differs([](Language& l) { l.compile[0].limits.memory_bytes += 1; }));
  EXPECT_TRUE(differs([](Language& l) { l.compile[0].address_space = AddressSpace::memory; }));
  EXPECT_TRUE(differs([](Language& l) { l.compile.push_back(l.compile[0]); }));
  EXPECT_TRUE(differs([](Language& l) { l.toolchain.version = "13"; }));
}

TEST(CompileKey, DiffersWithFilesAndFlags) {
  const protocol::Submit plain{.file_name = "a.c", .source = "x"};
  const std::string key = key_of(language(), plain);
  const auto differs = [&](const auto& change) {
    protocol::Submit changed = plain;
    change(changed);
    return key_of(language(), changed) != key;
  };
  EXPECT_TRUE(differs([](auto& s) { s.files = {{"a.h", ""}}; }));
  EXPECT_TRUE(differs([](auto& s) { s.compile_flags = {"-O0"}; }));
  EXPECT_TRUE(differs([](auto& s) { s.link_flags = {"-lm"}; }));
  EXPECT_FALSE(differs([](auto& s) { s.arguments = {"-v"}; })) << "they concern the run only";
}

TEST(CompileKey, DiffersOnceTheCompilerHasChanged) {
  const TempDir folder("rota-key");
  const auto compiler = folder.path() / "cc";
  Language own = language();
  own.compile[0].argv[0] = compiler.string();
  const std::string absent = key_of(own, "a.c", "x");

  std::ofstream(compiler) << "one";
  const std::string first = key_of(own, "a.c", "x");
  EXPECT_NE(first, absent);

  std::filesystem::last_write_time(compiler,
                                   std::filesystem::last_write_time(compiler) + std::chrono::seconds(5));
  const std::string touched = key_of(own, "a.c", "x");
  EXPECT_NE(touched, first);

  std::filesystem::rename(compiler, folder.path() / "cc-12");
  std::filesystem::create_symlink("cc-12", compiler);
  EXPECT_NE(key_of(own, "a.c", "x"), touched) << "what a link leads to counts";
}

}  // namespace
}  // namespace rota::node
