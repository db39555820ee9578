#include "base/shortened.hpp"

#include <gtest/gtest.h>

namespace rota {
namespace {

TEST(Shortened, LeavesWhatFits) {
  EXPECT_EQ(shortened("", 0), "");
  EXPECT_EQ(shortened("abc", 3), "abc");
}

TEST(Shortened, CutsNoCharacterInTwo) {
  EXPECT_EQ(shortened("abcdef", 4), "abcd");
  EXPECT_EQ(shortened("a\xC3\xBC"
                      "b",
                      2),
            "a");
  EXPECT_EQ(shortened("a\xC3\xBC"
                      "b",
                      3),
            "a\xC3\xBC");
  EXPECT_EQ(shortened("\xF0\x9F\x99\x82", 3), "");
}

}  // namespace
}  // namespace rota
