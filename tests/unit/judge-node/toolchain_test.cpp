#include "judge-node/toolchain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/temp_dir.hpp"
#include "judge-node/toolchain_cache.hpp"

namespace rota::node {
namespace {

using testing::ElementsAre;

TEST(Toolchain, FindsTheVersionInWhatAToolchainSays) {
  EXPECT_EQ(version_in("gcc (Debian 12.2.0-14+deb12u1) 12.2.0"), "12.2.0");
  EXPECT_EQ(version_in("openjdk version \"17.0.15\" 2025-04-15"), "17.0.15");
  EXPECT_EQ(version_in("v20.20.2\n"), "20.20.2");
  EXPECT_EQ(version_in("This is perl 5, version 36, subversion 0 (v5.36.0)"), "5.36.0");
  EXPECT_EQ(version_in("SBCL 2.2.9.debian"), "2.2.9");
  EXPECT_EQ(version_in("Version 9 of it."), "9");
  EXPECT_EQ(version_in("no number"), "");
  EXPECT_EQ(version_in(""), "");
}

TEST(Toolchain, FindsPathsOfTheBoxOnTheHost) {
  const std::vector<std::string> mounts{"/home/me/go:/opt/go", "?/opt/other"};
  EXPECT_EQ(host_path_of("/opt/go/bin/go", mounts), "/home/me/go/bin/go");
  EXPECT_EQ(host_path_of("/opt/gopher", mounts), "/opt/gopher");
  EXPECT_EQ(host_path_of("/opt/other/x", mounts), "/opt/other/x");
}

TEST(Toolchain, LeavesOutMountsThatMayBeMissing) {
  Language language;
  language.mounts = {"/usr", "?/nonexistent/x", "?/usr:/mnt"};
  EXPECT_THAT(present_mounts(language), ElementsAre("/usr", "/usr:/mnt"));
  EXPECT_EQ(missing_part(language), "");
  language.mounts.emplace_back("/nonexistent/y");
  EXPECT_EQ(missing_part(language), "/nonexistent/y");
}

TEST(Toolchain, NamesTheProgramThatIsMissing) {
  Language language;
  language.version = {"/bin/sh"};
  language.run.argv = {"/work/program"};
  EXPECT_EQ(missing_part(language), "") << "/work is the job's own";
  language.compile.resize(1);
  language.compile[0].argv = {"/nonexistent/cc"};
  EXPECT_EQ(missing_part(language), "/nonexistent/cc");
}

TEST(ToolchainCacheTest, RemembersAcrossRestarts) {
  const TempDir folder("rota-toolchains");
  const auto file = folder.path() / "sub" / "toolchains.json";
  ToolchainCache cache(file);
  EXPECT_EQ(cache.find("k"), std::nullopt);
  cache.add("k", "1.2");
  cache.save();
  EXPECT_EQ(ToolchainCache(file).find("k"), "1.2");
}

TEST(ToolchainCacheTest, TheKeyDependsOnTheCommandAndTheProgram) {
  Language language;
  language.version = {"/bin/sh", "--version"};
  const auto key = toolchain_key(language);
  EXPECT_EQ(toolchain_key(language), key);
  language.version = {"/bin/sh", "-v"};
  EXPECT_NE(toolchain_key(language), key);
}

}  // namespace
}  // namespace rota::node
