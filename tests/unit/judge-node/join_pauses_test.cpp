#include "judge-node/join_pauses.hpp"

#include <gtest/gtest.h>

namespace rota::node {
namespace {

using std::chrono::milliseconds;

TEST(JoinPauses, GrowToABound) {
  JoinPauses pauses;
  EXPECT_EQ(pauses.next(1), milliseconds(100));
  EXPECT_EQ(pauses.next(1), milliseconds(200));
  for (int i = 0; i < 20; ++i) pauses.next(1);
  EXPECT_EQ(pauses.next(1), milliseconds(5000));
}

TEST(JoinPauses, AreAtLeastHalfAsLong) {
  EXPECT_EQ(JoinPauses().next(0), milliseconds(50));
}

TEST(JoinPauses, BeginAnewAfterASuccess) {
  JoinPauses pauses;
  for (int i = 0; i < 5; ++i) pauses.next(1);
  pauses.reset();
  EXPECT_EQ(pauses.next(1), milliseconds(100));
}

}  // namespace
}  // namespace rota::node
