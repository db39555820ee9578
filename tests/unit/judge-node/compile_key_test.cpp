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
  made.compile =
      CompileStep{.argv = {"/bin/cc", "{source}"}, .environment = {"A=b"}, .outputs = {"p"}, .limits = {}};
  return made;
}

TEST(CompileKey, IsTheSameForTheSameCompile) {
  EXPECT_EQ(compile_key(language(), "a.c", "x"), compile_key(language(), "a.c", "x"));
  EXPECT_EQ(compile_key(language(), "a.c", "x").size(), 64u);
}

TEST(CompileKey, DiffersWithFileNameAndSource) {
  const std::string key = compile_key(language(), "a.c", "x");
  EXPECT_NE(compile_key(language(), "b.c", "x"), key);
  EXPECT_NE(compile_key(language(), "a.c", "y"), key);
  EXPECT_NE(compile_key(language(), "a.cx", ""), key) << "where a part ends counts";
}

TEST(CompileKey, DiffersWithEveryPartOfTheLanguagesCompileStep) {
  const std::string key = compile_key(language(), "a.c", "x");
  const auto differs = [&](const auto& change) {
    Language changed = language();
    change(changed);
    return compile_key(changed, "a.c", "x") != key;
  };
  EXPECT_TRUE(differs([](Language& l) { l.name = "D"; }));
  EXPECT_TRUE(differs([](Language& l) { l.compile->argv.emplace_back("-O2"); }));
  EXPECT_TRUE(differs([](Language& l) { l.compile->argv = {"/bin/cc{source}"}; }));
  EXPECT_TRUE(differs([](Language& l) { l.compile->environment.clear(); }));
  EXPECT_TRUE(differs([](Language& l) { l.compile->outputs = {"q"}; }));
  EXPECT_TRUE(differs([](Language& l) { l.compile->limits.memory_bytes += 1; }));
}

TEST(CompileKey, DiffersOnceTheCompilerHasChanged) {
  const TempDir folder("rota-key");
  const auto compiler = folder.path() / "cc";
  Language own = language();
  own.compile->argv[0] = compiler.string();
  const std::string absent = compile_key(own, "a.c", "x");

  std::ofstream(compiler) << "one";
  const std::string first = compile_key(own, "a.c", "x");
  EXPECT_NE(first, absent);

  std::filesystem::last_write_time(compiler,
                                   std::filesystem::last_write_time(compiler) + std::chrono::seconds(5));
  const std::string touched = compile_key(own, "a.c", "x");
  EXPECT_NE(touched, first);

  std::filesystem::rename(compiler, folder.path() / "cc-12");
  std::filesystem::create_symlink("cc-12", compiler);
  EXPECT_NE(compile_key(own, "a.c", "x"), touched) << "what a link leads to counts";
}

}  // namespace
}  // namespace rota::node
