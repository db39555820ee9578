#include "base/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>
#include <optional>

namespace rota {
namespace {

TEST(TempDir, IsAPrivateFolderOfTheGivenPrefix) {
  const TempDir dir("rota-temp-dir-test-");
  struct stat status {};
  ASSERT_EQ(::stat(dir.path().c_str(), &status), 0);
  EXPECT_TRUE(S_ISDIR(status.st_mode));
  EXPECT_EQ(status.st_mode & 07777u, 0700u);
  EXPECT_THAT(dir.path().filename().string(), testing::StartsWith("rota-temp-dir-test-"));
}

TEST(TempDir, IsAnotherOneEachTime) {
  const TempDir first("rota-temp-dir-test-");
  const TempDir second("rota-temp-dir-test-");
  EXPECT_NE(first.path(), second.path());
}

TEST(TempDir, StandsInTheFolderThatItIsGiven) {
  const TempDir parent("rota-temp-dir-test-");
  const TempDir dir("inner-", parent.path());
  EXPECT_EQ(dir.path().parent_path(), parent.path());
}

TEST(TempDir, IsRemovedWithEverythingInIt) {
  std::filesystem::path path;
  {
    const TempDir dir("rota-temp-dir-test-");
    path = dir.path();
    std::filesystem::create_directories(path / "a" / "b");
    std::ofstream(path / "a" / "file") << "text";
    ASSERT_TRUE(std::filesystem::exists(path / "a" / "file"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TempDir, DoesNotFollowSymbolicLinksWhenItIsRemoved) {
  const TempDir outside("rota-temp-dir-test-");
  std::ofstream(outside.path() / "kept") << "text";
  {
    const TempDir dir("rota-temp-dir-test-");
    std::filesystem::create_directory_symlink(outside.path(), dir.path() / "link");
  }
  EXPECT_TRUE(std::filesystem::exists(outside.path() / "kept"));
}

TEST(TempDir, StandsBelowTmpdir) {
  const TempDir parent("rota-temp-dir-test-");
  const char* const set = ::getenv("TMPDIR");
  const std::optional<std::string> before = set != nullptr ? std::optional<std::string>(set) : std::nullopt;
  ::setenv("TMPDIR", parent.path().c_str(), 1);
  EXPECT_EQ(TempDir("x").path().parent_path(), parent.path());
  before ? ::setenv("TMPDIR", before->c_str(), 1) : ::unsetenv("TMPDIR");
}

TEST(TempDir, ThrowsWhereItCannotBeMade) {
  EXPECT_THROW(TempDir("no/such/folder/x"), std::system_error);
}

}  // namespace
}  // namespace rota
