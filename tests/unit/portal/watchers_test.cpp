#include "portal/watchers.hpp"

#include <gmock/gmock.h>

namespace rota::portal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Watchers, AClientWaitsForAJobOnceHoweverOftenItAsks) {
  Watchers watchers;
  EXPECT_TRUE(watchers.add(1, "a", false));
  EXPECT_FALSE(watchers.add(1, "a", false));
  EXPECT_THAT(watchers.of("a"), ElementsAre(1));
  EXPECT_EQ(watchers.jobs_of(1), 1u);
}

TEST(Watchers, WhoAsksForEventsOnceGetsThem) {
  Watchers watchers;
  watchers.add(1, "a", false);
  watchers.add(2, "a", true);
  EXPECT_THAT(watchers.with_events("a"), ElementsAre(2));
  watchers.add(1, "a", true);
  watchers.add(2, "a", false);
  EXPECT_THAT(watchers.with_events("a"), ElementsAre(1, 2));
  EXPECT_TRUE(watchers.wants_events(1, "a"));
  EXPECT_FALSE(watchers.wants_events(1, "b"));
}

TEST(Watchers, OneWhoIsRemovedWaitsNoMoreAndOthersDo) {
  Watchers watchers;
  watchers.add(1, "a", true);
  watchers.add(2, "a", false);
  EXPECT_TRUE(watchers.remove(1, "a"));
  EXPECT_FALSE(watchers.remove(1, "a"));
  EXPECT_FALSE(watchers.remove(2, "b"));
  EXPECT_THAT(watchers.of("a"), ElementsAre(2));
  EXPECT_THAT(watchers.with_events("a"), IsEmpty());
  EXPECT_EQ(watchers.jobs_of(1), 0u);
}

TEST(Watchers, AClientThatGoesLeavesNothingBehind) {
  Watchers watchers;
  for (const auto* job : {"a", "b", "c"}) watchers.add(1, job, true);
  watchers.add(2, "b", false);
  watchers.remove(1);
  watchers.remove(1);
  EXPECT_THAT(watchers.of("a"), IsEmpty());
  EXPECT_THAT(watchers.of("b"), ElementsAre(2));
  EXPECT_EQ(watchers.jobs(), 1u);
  EXPECT_EQ(watchers.jobs_of(1), 0u);
}

}  // namespace
}  // namespace rota::portal
