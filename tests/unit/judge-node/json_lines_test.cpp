#include "judge-node/json_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rota::node {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string problem_of(std::string_view text) {
  try {
    JsonText parsed(text);
  } catch (const JsonTextError& error) {
    return error.what();
  }
  return "";
}

TEST(JsonText, KnowsTheLineOfEveryKeyAndElement) {
  const JsonText text("{\n\"a\": [\n1,\n{\"b\":\n\"x\"}\n],\n\"c\": 2}");
  EXPECT_EQ(text.line_of("a"), 2u);
  EXPECT_EQ(text.line_of("a[0]"), 3u);
  EXPECT_EQ(text.line_of("a[1].b"), 4u);
  EXPECT_EQ(text.line_of("c"), 7u);
}

TEST(JsonText, GivesTheLineOfTheNearestPartThatIsThere) {
  const JsonText text("{\n\"a\": {\n\"b\": 1}}");
  EXPECT_EQ(text.line_of("a.missing"), 2u);
  EXPECT_EQ(text.line_of("a.b.c[3]"), 3u);
  EXPECT_EQ(text.line_of("missing"), 1u);
  EXPECT_EQ(text.line_of(""), 1u);
}

TEST(JsonText, KeepsTheValue) {
  EXPECT_EQ(JsonText("[1, {\"a\": null}]").value(), nlohmann::json::parse("[1, {\"a\": null}]"));
}

TEST(JsonText, RefusesWhatIsNoJsonWithItsLine) {
  EXPECT_THAT(problem_of("{\n\"a\": nonsense}"), StartsWith("2: "));
  EXPECT_THAT(problem_of(""), StartsWith("1: "));
  EXPECT_THAT(problem_of("{} {}"), StartsWith("1: "));
}

TEST(JsonText, RefusesAKeyThatIsThereTwice) {
  EXPECT_EQ(problem_of("{\"a\": {\"b\": 1,\n\"b\": 2}}"), "2: a.b is there twice");
  EXPECT_EQ(problem_of("[{\"a\": 1}, {\"a\": 1}]"), "") << "in two objects";
}

}  // namespace
}  // namespace rota::node
