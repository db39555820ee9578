#include "protocol/file_name.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "protocol/error.hpp"

namespace rota::protocol {
namespace {

// The refusal's message; empty where the name is taken.
std::string refusal(std::string_view name) {
  try {
    require_valid_file_name(name, "file_name");
    return {};
  } catch (const ProtocolError& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_file_name);
    EXPECT_EQ(error.where(), "file_name");
    return error.what();
  }
}

TEST(FileName, MayBeAnyPlainName) {
  for (const char* name :
       {"hello.cpp", "a", "solução.py", "two words.c", "x..y", "a-b", "名前.rb", "$(reboot).c", "~"}) {
    EXPECT_EQ(refusal(name), "") << name;
  }
}

TEST(FileName, HasAtMost128Bytes) {
  EXPECT_EQ(refusal(std::string(128, 'a')), "");
  EXPECT_NE(refusal(std::string(129, 'a')), "");
}

TEST(FileName, IsNotEmpty) {
  EXPECT_NE(refusal(""), "");
}

TEST(FileName, HoldsNoSeparator) {
  for (const char* name : {"/etc/passwd", "a/b", "a/", "..\\b", "a\\b", "../x"})
    EXPECT_NE(refusal(name), "") << name;
}

TEST(FileName, DoesNotBeginWithADashOrADot) {
  for (const char* name : {"-o", "-", ".", "..", ".hidden"}) EXPECT_NE(refusal(name), "") << name;
}

TEST(FileName, HoldsNoControlCharacters) {
  for (const std::string& name : {std::string("a\nb"), std::string("a\0b", 3), std::string("\x1b[2J"),
                                  std::string("a\x7f"), std::string("\u009b")}) {
    EXPECT_NE(refusal(name), "") << name;
  }
}

TEST(FileName, IsUtf8) {
  EXPECT_NE(refusal("a\xff"), "");
}

TEST(FileName, IsRepeatedInTheRefusalCutAndHarmless) {
  const std::string message = refusal("\x1b[31m/" + std::string(100'000, 'x'));
  EXPECT_LT(message.size(), 300u);
  EXPECT_EQ(message.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace rota::protocol
