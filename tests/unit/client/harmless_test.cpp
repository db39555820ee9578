#include "client/harmless.hpp"

#include <gtest/gtest.h>

namespace rota::client {
namespace {

TEST(Harmless, PassesPrintableTextOfAnyLanguage) {
  EXPECT_EQ(harmless_line("main.cpp: error: expected ‘;’ — ação, 日本"),
            "main.cpp: error: expected ‘;’ — ação, 日本");
}

TEST(Harmless, ShowsEscapeSequencesInsteadOfSendingThem) {
  EXPECT_EQ(harmless_line("\x1b[2J\x07\x7f"), "\\x1b[2J\\x07\\x7f");
}

TEST(Harmless, ShowsC1ControlsAlsoInUtf8) {
  EXPECT_EQ(harmless_line("\xc2\x9b"
                          "31m"),
            "\\xc2\\x9b31m");
}

TEST(Harmless, ShowsCharactersThatTurnTheDirectionOfWriting) {
  EXPECT_EQ(harmless_line("a\xe2\x80\xae"
                          "b"),
            "a\\xe2\\x80\\xaeb");
  EXPECT_EQ(harmless_line("a\xe2\x81\xa6"
                          "b"),
            "a\\xe2\\x81\\xa6b");
}

TEST(Harmless, ShowsBytesThatAreNotUtf8) {
  EXPECT_EQ(harmless_line("\xff"
                          "a\xc3"),
            "\\xffa\\xc3");
}

TEST(Harmless, KeepsALineOneLine) {
  EXPECT_EQ(harmless_line("a\nb\tc\r"), "a\\x0ab\\x09c\\x0d");
}

TEST(Harmless, KeepsNewlinesAndTabsOfText) {
  EXPECT_EQ(harmless_text("a\n\tb\r\n"), "a\n\tb\\x0d\n");
}

TEST(Harmless, ShowsANulByte) {
  EXPECT_EQ(harmless_text(std::string_view("\0", 1)), "\\x00");
}

TEST(Harmless, ShowsMillionsOfBadBytes) {
  const std::string bad(4 << 20, '\xff');
  EXPECT_EQ(harmless_text(bad).size(), 4 * bad.size());
}

}  // namespace
}  // namespace rota::client
