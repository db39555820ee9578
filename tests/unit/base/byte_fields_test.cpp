#include "base/byte_fields.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace rota {
namespace {

std::string bytes_of(std::uint32_t length) {
  ByteWriter writer;
  writer.put(length);
  return writer.take_bytes();
}

TEST(ByteFields, AreLittleEndianWithTheirFullWidth) {
  ByteWriter writer;
  writer.put(std::uint32_t{0x01020304});
  writer.put(std::int16_t{-2});
  EXPECT_EQ(writer.bytes(), std::string("\4\3\2\1\xfe\xff", 6));
}

TEST(ByteFields, ReadWhatWasWritten) {
  ByteWriter writer;
  writer.put(std::numeric_limits<std::int64_t>::min());
  writer.put(std::numeric_limits<std::uint64_t>::max());
  writer.put(std::uint8_t{1});
  writer.put_text(std::string("a\0b", 3));
  writer.put_text("");
  writer.put_raw("end");
  ByteReader reader(writer.take_bytes());
  EXPECT_EQ(reader.get<std::int64_t>(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(reader.get<std::uint64_t>(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_TRUE(reader.get_bool());
  EXPECT_EQ(reader.get_text(3), std::string("a\0b", 3));
  EXPECT_EQ(reader.get_view(0), "");
  EXPECT_EQ(reader.get_raw(reader.left()), "end");
  EXPECT_NO_THROW(reader.require_end());
}

TEST(ByteFields, AFieldThatIsCutShortIsRefused) {
  EXPECT_THROW(ByteReader("abc").get<std::uint32_t>(), BadBytes);
  EXPECT_THROW(ByteReader("abc").get_raw(4), BadBytes);
  EXPECT_THROW(ByteReader(bytes_of(5) + "text").get_text(100), BadBytes);
  EXPECT_THROW(ByteReader("").get_bool(), BadBytes);
}

TEST(ByteFields, ALengthThatPassesItsBoundIsRefused) {
  EXPECT_EQ(ByteReader(bytes_of(4) + "text").get_text(4), "text");
  EXPECT_THROW(ByteReader(bytes_of(4) + "text").get_text(3), BadBytes);
  EXPECT_THROW(ByteReader(bytes_of(0xffffffff) + "text").get_view(0xffffffff), BadBytes);
}

TEST(ByteFields, ATruthValueIsNeverTwo) {
  EXPECT_THROW(ByteReader("\2").get_bool(), BadBytes);
}

TEST(ByteFields, BytesThatAreLeftOverAreRefused) {
  EXPECT_THROW(ByteReader("x").require_end(), BadBytes);
}

}  // namespace
}  // namespace rota
