#include "judge-node/self_test.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <vector>

#include "base/temp_dir.hpp"

namespace rota::node {
namespace {

namespace fs = std::filesystem;

// An installation: a box program and the attack programs beside it.
class SelfTestKey : public testing::Test {
 protected:
  SelfTestKey() {
    fs::create_directories(attacks.parent_path());
    fs::create_directories(box.parent_path());
    std::ofstream(box) << "box";
    std::ofstream(attacks) << "attacks";
  }

  std::string key(const std::vector<std::string>& flags = {},
                  const std::vector<sandbox::Layer>& layers = {}) const {
    return self_test_key(box, flags, layers).value();
  }

  TempDir folder{"rota-self-test"};
  fs::path box = folder.path() / "bin/rota-box";
  fs::path attacks = (box.parent_path() / ROTA_LIBEXEC_FROM_BIN / "rota-attacks").lexically_normal();
};

TEST_F(SelfTestKey, StaysTheSameAndIsOneLine) {
  EXPECT_EQ(key({"--a"}), key({"--a"}));
  EXPECT_EQ(key({"a\nb"}).find('\n'), std::string::npos);
}

TEST_F(SelfTestKey, ChangesWithEachProgram) {
  const auto before = key();
  std::ofstream(box) << "another box";
  const auto between = key();
  std::ofstream(attacks) << "other attacks";
  EXPECT_NE(before, between);
  EXPECT_NE(between, key());
}

TEST_F(SelfTestKey, ChangesWithFlagsAndStandingLayers) {
  EXPECT_NE(key(), key({"--cgroup"}));
  EXPECT_NE(key({"a", "b"}), key({"a b"}));
  EXPECT_NE(key({}, {{"seccomp", true, ""}}), key({}, {{"seccomp", false, ""}}));
}

TEST_F(SelfTestKey, IsTheSameByASymlink) {
  const auto link = folder.path() / "link";
  fs::create_symlink(box, link);
  EXPECT_EQ(self_test_key(link, {}, {}), key());
}

TEST_F(SelfTestKey, IsNotToBeHadWhereAProgramIsMissing) {
  fs::remove(attacks);
  EXPECT_EQ(self_test_key(box, {}, {}), std::nullopt);
  EXPECT_EQ(self_test_key(folder.path() / "none", {}, {}), std::nullopt);
}

class SelfTestCacheFile : public testing::Test {
 protected:
  TempDir folder{"rota-self-test"};
  SelfTestCache cache{folder.path() / "below/it/cache"};
};

TEST_F(SelfTestCacheFile, HoldsWhatWasAddedAndNothingElse) {
  EXPECT_FALSE(cache.holds("one"));
  cache.add("one");
  cache.add("two");
  EXPECT_TRUE(cache.holds("one"));
  EXPECT_TRUE(cache.holds("two"));
  EXPECT_FALSE(cache.holds("on"));
}

TEST_F(SelfTestCacheFile, KeepsABoundedNumberOfTheNewest) {
  for (std::size_t i = 0; i <= SelfTestCache::kMaxKeys; ++i) cache.add("key " + std::to_string(i));
  EXPECT_FALSE(cache.holds("key 0"));
  EXPECT_TRUE(cache.holds("key 1"));
  EXPECT_TRUE(cache.holds("key 32"));
}

TEST_F(SelfTestCacheFile, LeavesNoTemporaryFileBehind) {
  cache.add("one");
  const auto entries = fs::directory_iterator(cache.file().parent_path());
  EXPECT_EQ(std::distance(fs::begin(entries), fs::end(entries)), 1);
}

TEST_F(SelfTestCacheFile, CannotBeWrittenWhereItsFolderIsAFile) {
  EXPECT_THROW(SelfTestCache("/dev/null/cache").add("one"), std::system_error);
}

TEST(SelfTestComplaint, IsWhatWasNotContained) {
  EXPECT_EQ(complaint_in("contained  a/b (1 ms)\nNOT CONTAINED  c/d (2 ms): why\nNOT CONTAINED  a cgroup\n1 "
                         "contained, 2 not\n"),
            "NOT CONTAINED  c/d (2 ms): why\nNOT CONTAINED  a cgroup");
}

TEST(SelfTestComplaint, IsTheLastLineWhereNothingElseIsSaid) {
  EXPECT_EQ(complaint_in("order\nrota-box: the box refuses: no seccomp\n\n"), "the box refuses: no seccomp");
  EXPECT_EQ(complaint_in(""), "");
}

}  // namespace
}  // namespace rota::node
