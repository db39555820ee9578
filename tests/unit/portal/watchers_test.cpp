#include "portal/watchers.hpp"

#include <gmock/gmock.h>

namespace rota::portal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// One that the job may be told of.
bool add(Watchers& watchers, ClientId client, const std::string& job, bool wants_events) {
  const bool is_first = watchers.add(client, job, wants_events);
  watchers.admit(client, job);
  return is_first;
}

TEST(Watchers, AreToldNothingBeforeTheyAreAdmitted) {
  Watchers watchers;
  watchers.add(1, "a", true);
  add(watchers, 2, "a", true);
  watchers.admit(1, "b");
  EXPECT_THAT(watchers.of("a"), ElementsAre(2));
  EXPECT_THAT(watchers.with_events("a"), ElementsAre(2));
  EXPECT_EQ(watchers.jobs_of(1), 1u);
  watchers.admit(1, "a");
  EXPECT_THAT(watchers.of("a"), ElementsAre(1, 2));
}

TEST(Watchers, AClientWaitsForAJobOnceHoweverOftenItAsks) {
  Watchers watchers;
  EXPECT_TRUE(add(watchers, 1, "a", false));
  EXPECT_FALSE(add(watchers, 1, "a", false));
  EXPECT_THAT(watchers.of("a"), ElementsAre(1));
  EXPECT_EQ(watchers.jobs_of(1), 1u);
}

TEST(Watchers, WhoAsksForEventsOnceGetsThem) {
  Watchers watchers;
  add(watchers, 1, "a", false);
  add(watchers, 2, "a", true);
  EXPECT_THAT(watchers.with_events("a"), ElementsAre(2));
  add(watchers, 1, "a", true);
  add(watchers, 2, "a", false);
  EXPECT_THAT(watchers.with_events("a"), ElementsAre(1, 2));
  EXPECT_TRUE(watchers.wants_events(1, "a"));
  EXPECT_FALSE(watchers.wants_events(1, "b"));
}

TEST(Watchers, OneWhoIsRemovedWaitsNoMoreAndOthersDo) {
  Watchers watchers;
  add(watchers, 1, "a", true);
  add(watchers, 2, "a", false);
  EXPECT_TRUE(watchers.remove(1, "a"));
  EXPECT_FALSE(watchers.remove(1, "a"));
  EXPECT_FALSE(watchers.remove(2, "b"));
  EXPECT_THAT(watchers.of("a"), ElementsAre(2));
  EXPECT_THAT(watchers.with_events("a"), IsEmpty());
  EXPECT_EQ(watchers.jobs_of(1), 0u);
}

TEST(Watchers, AClientThatGoesLeavesNothingBehind) {
  Watchers watchers;
  for (const auto* job : {"a", "b", "c"}) add(watchers, 1, job, true);
  add(watchers, 2, "b", false);
  watchers.remove(1);
  watchers.remove(1);
  EXPECT_THAT(watchers.of("a"), IsEmpty());
  EXPECT_THAT(watchers.of("b"), ElementsAre(2));
  EXPECT_EQ(watchers.jobs(), 1u);
  EXPECT_EQ(watchers.jobs_of(1), 0u);
}

}  // namespace
}  // namespace rota::portal
