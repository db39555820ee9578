#include "sandbox/layers.hpp"

#include <gtest/gtest.h>

namespace rota::sandbox {
namespace {

const Layer kStanding{"seccomp", true, "how"};
const Layer kMissing{"memory-cgroup", false, "why"};
const Layer kMissingToo{"pids-cgroup", false, "why too"};
const Layer kNotExpected{"own-user", false, "by design", false};

TEST(Layers, NothingIsMissingWhereAllThatIsExpectedStands) {
  EXPECT_FALSE(find_missing_layer({}, {}));
  EXPECT_FALSE(find_missing_layer({kStanding, kNotExpected}, {}));
}

TEST(Layers, TheFirstExpectedOneThatDoesNotStandIsMissing) {
  const auto missing = find_missing_layer({kNotExpected, kStanding, kMissing, kMissingToo}, {});
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->name, "memory-cgroup");
}

TEST(Layers, OneThatIsAllowedIsPassedOverAndNoOther) {
  EXPECT_EQ(find_missing_layer({kMissing, kMissingToo}, {"memory-cgroup"})->name, "pids-cgroup");
  EXPECT_FALSE(find_missing_layer({kMissing, kMissingToo}, {"memory-cgroup", "pids-cgroup"}));
  EXPECT_TRUE(find_missing_layer({kMissing}, {"memory"}));
}

TEST(Layers, ARefusalNamesTheLayerTheReasonAndTheWaysOut) {
  EXPECT_EQ(refusal_of(kMissing),
            "memory-cgroup is missing: why; mend that, or name it in --allow-missing memory-cgroup to run "
            "without it");
}

TEST(Layers, WhatIsMissingThrowsWithItsRefusal) {
  EXPECT_NO_THROW(require_layers({kMissing}, {"memory-cgroup"}));
  try {
    require_layers({kMissing}, {});
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), refusal_of(kMissing));
  }
}

}  // namespace
}  // namespace rota::sandbox
