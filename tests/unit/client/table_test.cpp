#include "client/table.hpp"

#include <gtest/gtest.h>

namespace rota::client {
namespace {

TEST(Table, AlignsColumnsToTheirWidestCell) {
  EXPECT_EQ(format_table({{"NAME", "SLOTS"}, {"node-one", "2"}, {"n", "16"}}),
            "NAME      SLOTS\nnode-one  2\nn         16\n");
}

TEST(Table, CountsCharactersAndNotBytes) {
  EXPECT_EQ(format_table({{"ação", "x"}, {"abcde", "y"}}), "ação   x\nabcde  y\n");
}

TEST(Table, MakesCellsHarmless) {
  EXPECT_EQ(format_table({{"\x1b[m", "x"}}), "\\x1b[m  x\n");
}

TEST(Table, LeavesNoBlanksAtALinesEnd) {
  EXPECT_EQ(format_table({{"a", "long"}, {"b", ""}, {}}), "a  long\nb\n\n");
}

}  // namespace
}  // namespace rota::client
