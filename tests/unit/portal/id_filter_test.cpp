#include "portal/id_filter.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rota::portal {
namespace {

std::string id(int number) {
  const std::string digits = std::to_string(number);
  return "01938c6e-5a00-7abc-8def-" + std::string(12 - digits.size(), '0') + digits;
}

TEST(IdFilter, HoldsNothingAtFirst) {
  EXPECT_FALSE(IdFilter().may_hold(id(1)));
}

TEST(IdFilter, ForgetsNoId) {
  IdFilter filter;
  for (int i = 0; i < 100'000; ++i) filter.add(id(i));
  for (int i = 0; i < 100'000; ++i) ASSERT_TRUE(filter.may_hold(id(i))) << i;
}

TEST(IdFilter, TakesFewOfHalfAMillionForOthers) {
  IdFilter filter;
  for (int i = 0; i < 500'000; ++i) filter.add(id(i));
  int taken = 0;
  for (int i = 500'000; i < 600'000; ++i) taken += filter.may_hold(id(i)) ? 1 : 0;
  EXPECT_LT(taken, 500);
}

}  // namespace
}  // namespace rota::portal
