#include "client/units.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace rota::client {
namespace {

using std::chrono::milliseconds;

TEST(Since, IsADurationBeforeNow) {
  const UtcTime now{std::chrono::hours(1'000)};
  EXPECT_EQ(parse_since("30m", now), now - std::chrono::minutes(30));
  EXPECT_EQ(parse_since("2d", now), now - std::chrono::hours(48));
}

TEST(Since, IsAnInstantInUtc) {
  EXPECT_EQ(parse_since("1970-01-01T01:00:00Z", UtcTime{}), UtcTime{std::chrono::hours(1)});
}

TEST(Since, RefusesAnythingElse) {
  for (const char* text : {"", "yesterday", "1970-01-01", "1970-01-01T01:00:00+01:00", "1"}) {
    EXPECT_THROW(parse_since(text, UtcTime{}), std::invalid_argument) << text;
  }
}

TEST(Readable, SizesAndDurationsHaveTheirUnit) {
  EXPECT_EQ(readable_size(1023), "1023 B");
  EXPECT_EQ(readable_size(1536), "1.5 KiB");
  EXPECT_EQ(readable_size(3ull << 30), "3.0 GiB");
  EXPECT_EQ(readable_size(5000ull << 30), "5000.0 GiB");
  EXPECT_EQ(readable_duration(std::chrono::microseconds(1234)), "1.2 ms");
  EXPECT_EQ(readable_duration(milliseconds(1234)), "1.234 s");
}

TEST(Readable, RoughDurationsHaveOneUnit) {
  EXPECT_EQ(rough_duration(milliseconds(2140)), "2.1 s");
  EXPECT_EQ(rough_duration(std::chrono::seconds(34)), "34 s");
  EXPECT_EQ(rough_duration(std::chrono::minutes(4)), "4 min");
  EXPECT_EQ(rough_duration(std::chrono::hours(5)), "5 h");
}

}  // namespace
}  // namespace rota::client
