#include "base/encoding.hpp"

#include <gtest/gtest.h>

#include <random>

namespace rota {
namespace {

// RFC 4648 section 10.
TEST(Base64, IsThatOfTheRfcsTestVectors) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(base64_encode(bytes), text);
    EXPECT_EQ(base64_decode(text), bytes);
  }
}

TEST(Base64, GivesBytesOfEveryLengthBack) {
  std::mt19937 random(1);
  for (std::size_t size = 0; size < 200; ++size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes) << size;
  }
}

// The library below works in pieces of three MiB.
TEST(Base64, GivesLongBytesBack) {
  constexpr std::size_t piece = 3 << 20;
  for (std::size_t size : {piece - 1, piece, piece + 1, 2 * piece + 2}) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + i / 256);
    const std::string text = base64_encode(bytes);
    EXPECT_EQ(text.size(), (size + 2) / 3 * 4);
    EXPECT_TRUE(base64_decode(text) == bytes) << size;
  }
}

TEST(Base64, IsReadInItsCanonicalFormOnly) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "====", "=", "==", "Z===", "Zh==", "Zm9=", "Zg==Zg==",
                           "Zm9v\n", " Zm9v", "Zm 9", "Zm-_", "Zm9v====", "Zm\0v", "Zg=v"}) {
    EXPECT_EQ(base64_decode(text), std::nullopt) << text;
  }
  EXPECT_EQ(base64_decode(std::string_view("Zm\0v", 4)), std::nullopt);
}

TEST(Utf8, IsValidInEveryLength) {
  for (const char* text : {"", "a", "ã", "€", "😀", "\uFEFF", "\U0010FFFF"})
    EXPECT_TRUE(is_utf8(text)) << text;
  EXPECT_TRUE(is_utf8(std::string_view("\0", 1)));
}

TEST(Utf8, IsInvalidWhereMalformed) {
  for (const char* bytes : {"\x80", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                            "\xff", "a\xe2\x82"}) {
    EXPECT_FALSE(is_utf8(bytes));
  }
}

// FIPS 180-4's examples.
TEST(Sha256, IsThatOfTheStandardsExamples) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace rota
