#include "base/time.hpp"

#include <gtest/gtest.h>

namespace rota {
namespace {

using namespace std::chrono_literals;

TEST(Rfc3339, IsWrittenInUtcWithNineDecimals) {
  EXPECT_EQ(to_rfc3339(UtcTime{}), "1970-01-01T00:00:00.000000000Z");
  EXPECT_EQ(to_rfc3339(UtcTime(1'763'888'514'123'456'789ns)), "2025-11-23T09:01:54.123456789Z");
}

TEST(Rfc3339, HasTextOrderThatIsTimeOrder) {
  EXPECT_LT(to_rfc3339(UtcTime(999'999'999ns)), to_rfc3339(UtcTime(1s)));
  EXPECT_LT(to_rfc3339(UtcTime(1s + 9ns)), to_rfc3339(UtcTime(1s + 10ns)));
}

TEST(Rfc3339, GivesTheSameTimeBack) {
  for (const UtcTime time :
       {UtcTime{}, UtcTime(1ns), UtcTime(951'782'400s), UtcTime(1'763'888'514'123'456'789ns)}) {
    EXPECT_EQ(from_rfc3339(to_rfc3339(time)), time);
  }
}

TEST(Rfc3339, KnowsLeapDays) {
  EXPECT_EQ(from_rfc3339("2024-02-29T00:00:00Z"), UtcTime(1'709'164'800s));
  EXPECT_EQ(from_rfc3339("2023-02-29T00:00:00Z"), std::nullopt);
  EXPECT_EQ(from_rfc3339("2100-02-29T00:00:00Z"), std::nullopt);
}

TEST(Rfc3339, IsReadWithOneToNineDecimals) {
  EXPECT_EQ(from_rfc3339("1970-01-01T00:00:00.5Z"), UtcTime(500ms));
  EXPECT_EQ(from_rfc3339("1970-01-01T00:00:00.000000001Z"), UtcTime(1ns));
  EXPECT_EQ(from_rfc3339("1970-01-01T00:00:00.Z"), std::nullopt);
  EXPECT_EQ(from_rfc3339("1970-01-01T00:00:00.0000000001Z"), std::nullopt);
}

TEST(Rfc3339, IsReadFrom1970To2261) {
  EXPECT_EQ(from_rfc3339("1969-12-31T23:59:59Z"), std::nullopt);
  EXPECT_TRUE(from_rfc3339("2261-12-31T23:59:59.999999999Z"));
  EXPECT_EQ(from_rfc3339("2262-01-01T00:00:00Z"), std::nullopt);
}

TEST(Rfc3339, IsReadInThisOneFormOnly) {
  for (const char* text : {"",
                           "Z",
                           "2026-11-23",
                           "2026-11-23 09:01:54Z",
                           "2026-11-23T09:01:54",
                           "2026-11-23t09:01:54z",
                           "2026-11-23T09:01:54+00:00",
                           "2026-11-23T09:01:54Z ",
                           " 2026-11-23T09:01:54Z",
                           "2026-1-23T09:01:54Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-01-00T00:00:00Z",
                           "2026-01-32T00:00:00Z",
                           "2026-01-01T24:00:00Z",
                           "2026-01-01T00:60:00Z",
                           "2026-01-01T00:00:60Z",
                           "+026-01-01T00:00:00Z",
                           "2026-01-01T00:00:0 Z",
                           "2026-01-01T00:00:00.1.Z",
                           "2026-01-01T00:00:00,5Z"}) {
    EXPECT_EQ(from_rfc3339(text), std::nullopt) << text;
  }
}

TEST(Now, GoesForwardOnTheMonotonicClock) {
  const Instant first = now();
  const Instant second = now();
  EXPECT_GE(second.monotonic, first.monotonic);
  EXPECT_GT(first.monotonic, 0ns);
}

TEST(Now, IsTheWallClocksTime) {
  const auto before = std::chrono::system_clock::now();
  const UtcTime utc = now().utc;
  EXPECT_GE(utc, before - 1ms);
  EXPECT_LE(utc, std::chrono::system_clock::now() + 1ms);
}

}  // namespace
}  // namespace rota
