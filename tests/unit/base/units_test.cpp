#include "base/units.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace rota {
namespace {

using std::chrono::milliseconds;

TEST(Duration, TakesANumberWithItsUnit) {
  EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
  EXPECT_EQ(parse_duration("2s"), milliseconds(2000));
  EXPECT_EQ(parse_duration("3m"), milliseconds(180'000));
  EXPECT_EQ(parse_duration("1h"), milliseconds(3'600'000));
  EXPECT_EQ(parse_duration("2d"), milliseconds(172'800'000));
}

TEST(Duration, TakesDecimalsDownToAMillisecond) {
  EXPECT_EQ(parse_duration("1.5s"), milliseconds(1500));
  EXPECT_EQ(parse_duration("1.001s"), milliseconds(1001));
  EXPECT_THROW(parse_duration("1.0001s"), std::invalid_argument);
}

TEST(Duration, RefusesWhatIsNoDuration) {
  for (const char* text :
       {"", "1", "s", "-1s", "0s", "1 s", "1sec", "1S", "1e3s", "nans", "infs", "0x1s", "1s1s"}) {
    EXPECT_THROW(parse_duration(text), std::invalid_argument) << text;
  }
}

TEST(Duration, RefusesMoreThanAHundredYears) {
  EXPECT_NO_THROW(parse_duration("36500d"));
  EXPECT_THROW(parse_duration("40000d"), std::invalid_argument);
  EXPECT_THROW(parse_duration("99999999999999999999h"), std::invalid_argument);
}

TEST(Duration, SaysWhatItWouldTake) {
  try {
    parse_duration("5");
    FAIL() << "a number without a unit was taken";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("'5'"), testing::HasSubstr("500ms")));
  }
}

TEST(Size, TakesBytesAndPowersOf1024) {
  EXPECT_EQ(parse_size("100"), 100u);
  EXPECT_EQ(parse_size("100B"), 100u);
  EXPECT_EQ(parse_size("64K"), 65536u);
  EXPECT_EQ(parse_size("64M"), 64ull << 20);
  EXPECT_EQ(parse_size("64MiB"), 64ull << 20);
  EXPECT_EQ(parse_size("1.5G"), 3ull << 29);
}

TEST(Size, RefusesWhatIsNoSize) {
  for (const char* text : {"", "M", "0", "-1M", "64MB", "64 M", "0.3", "1T", "99999999G"}) {
    EXPECT_THROW(parse_size(text), std::invalid_argument) << text;
  }
}

}  // namespace
}  // namespace rota
