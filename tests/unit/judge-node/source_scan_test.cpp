#include "judge-node/source_scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rota::node {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(LeadingIncludes, AreFoundBehindCommentsAndBlanks) {
  EXPECT_THAT(leading_includes(
                  "// a\n/* b\n */\n\n#include <iostream>\n  #  include\t<vector> // why\nint main() {}"),
              ElementsAre("iostream", "vector"));
  EXPECT_THAT(leading_includes("\xEF\xBB\xBF#include <bits/stdc++.h>\r\nusing namespace std;"),
              ElementsAre("bits/stdc++.h"));
  EXPECT_THAT(leading_includes("#include <a>"), ElementsAre("a"));
}

TEST(LeadingIncludes, EndAtAnythingElse) {
  EXPECT_THAT(leading_includes("#define X\n#include <a>\n"), IsEmpty());
  EXPECT_THAT(leading_includes("#include <a>\n#include \"b.h\"\n#include <c>\n"), ElementsAre("a"));
  EXPECT_THAT(leading_includes("#include <a>\n#pragma GCC optimize(\"O3\")\n#include <b>\n"),
              ElementsAre("a"));
  EXPECT_THAT(leading_includes("int x;\n#include <a>\n"), IsEmpty());
  EXPECT_THAT(leading_includes("#if 1\n#include <a>\n#endif\n"), IsEmpty());
  EXPECT_THAT(leading_includes("#include_next <a>\n"), IsEmpty());
}

TEST(LeadingIncludes, DoNotCountWhereTheirLineIsNotPlain) {
  EXPECT_THAT(leading_includes("#include <a> x\n"), IsEmpty());
  EXPECT_THAT(leading_includes("#include <a\n>\n"), IsEmpty());
  EXPECT_THAT(leading_includes("#inc\\\nlude <a>\n"), IsEmpty());
  EXPECT_THAT(leading_includes("// goes on \\\n#include <a>\n"), IsEmpty()) << "the comment holds it";
  EXPECT_THAT(leading_includes("/* *\\\n/ #define X /* */ #include <a>\n"), IsEmpty());
  EXPECT_THAT(leading_includes("/* *\\ \n/\n#define X\n/* */\n#include <a>\n"), IsEmpty())
      << "GCC joins these as well";
  EXPECT_THAT(leading_includes("/* no end\n#include <a>\n"), IsEmpty());
  EXPECT_THAT(leading_includes(""), IsEmpty());
}

}  // namespace
}  // namespace rota::node
