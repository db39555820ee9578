#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/conversion.hpp"
#include "tests/unit/protocol/samples.hpp"

namespace rota::protocol {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

TEST(ReadableEvent, ShowsOffsetHostNameAndFieldsOnOneLine) {
  Event event = sample_event();
  event.fields = {{"cached", std::int64_t{1}}, {"cause", "exited"}};
  EXPECT_EQ(to_readable(event), "     +12.346 ms  node-1      compile.finished   cached=1  cause=exited");
}

TEST(ReadableEvent, EndsWithoutBlanksWhereThereAreNoFields) {
  const Event event{.offset = 1ms, .host = "portal", .name = "queued"};
  EXPECT_EQ(to_readable(event), "      +1.000 ms  portal      queued");
}

TEST(ReadableEvent, PutsQuotesAroundTextThatIsNotOneWord) {
  const Event event{.name = "x", .fields = {{"a", "two words"}, {"b", ""}, {"c", "k=v"}}};
  EXPECT_THAT(to_readable(event), HasSubstr("a=\"two words\"  b=\"\"  c=\"k=v\""));
}

TEST(ReadableEvent, MakesControlCharactersOfHostileTextHarmless) {
  const std::string hostile = "\x1b]0;title\x07\x1b[2J\r\n\t\x7f\u009b31m\b" + std::string(1, '\0');
  const std::string line = to_readable(
      {.host = hostile, .name = hostile, .fields = {{hostile, hostile}, {"number", std::int64_t{1}}}});
  for (const char c : line) EXPECT_FALSE((c >= 0 && c < 0x20) || c == 0x7f) << static_cast<int>(c);
  EXPECT_THAT(line, Not(HasSubstr("\u009b")));
  EXPECT_THAT(line, HasSubstr("?]0;title??[2J"));
}

TEST(ReadableEvent, TakesTextThatIsNotUtf8) {
  EXPECT_THAT(to_readable({.name = "x", .fields = {{"a", "\xff\xfe"}}}), HasSubstr("a=\uFFFD\uFFFD"));
}

}  // namespace
}  // namespace rota::protocol
