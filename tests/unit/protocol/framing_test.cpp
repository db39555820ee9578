#include "protocol/framing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <limits>
#include <random>
#include <vector>

#include "protocol/error.hpp"

namespace rota::protocol {
namespace {

using testing::ElementsAre;

std::vector<std::string> packets_of(PacketDecoder& decoder) {
  std::vector<std::string> packets;
  while (auto packet = decoder.next()) packets.push_back(std::move(*packet));
  return packets;
}

TEST(Framing, EndsAPacketWithOneEotByte) {
  EXPECT_EQ(framed("{}"), "{}\x04");
}

TEST(PacketDecoder, GivesNothingBeforeTheEot) {
  PacketDecoder decoder;
  decoder.feed("{}");
  EXPECT_EQ(decoder.next(), std::nullopt);
  EXPECT_EQ(decoder.pending_bytes(), 2u);
}

TEST(PacketDecoder, GivesThePacketWithoutItsEot) {
  PacketDecoder decoder;
  decoder.feed("{}\x04");
  EXPECT_EQ(decoder.next(), "{}");
  EXPECT_EQ(decoder.next(), std::nullopt);
  EXPECT_EQ(decoder.pending_bytes(), 0u);
}

TEST(PacketDecoder, GivesSeveralPacketsOfOnePieceInOrder) {
  PacketDecoder decoder;
  decoder.feed("one\x04two\x04thr");
  EXPECT_THAT(packets_of(decoder), ElementsAre("one", "two"));
  decoder.feed("ee\x04");
  EXPECT_THAT(packets_of(decoder), ElementsAre("three"));
}

TEST(PacketDecoder, TakesAnEotAloneAsAnEmptyPacket) {
  PacketDecoder decoder;
  decoder.feed("\x04\x04");
  EXPECT_THAT(packets_of(decoder), ElementsAre("", ""));
}

TEST(PacketDecoder, GivesTheSamePacketsForEverySplitInTwo) {
  const std::string stream = std::string("{\"a\":1}\x04\x04{}\x04") + std::string("b\0c\x04", 4) + "rest";
  PacketDecoder whole;
  whole.feed(stream);
  const auto expected = packets_of(whole);
  ASSERT_EQ(expected.size(), 4u);
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    PacketDecoder decoder;
    decoder.feed(stream.substr(0, at));
    auto packets = packets_of(decoder);
    decoder.feed(stream.substr(at));
    for (auto& packet : packets_of(decoder)) packets.push_back(packet);
    EXPECT_EQ(packets, expected) << "split at " << at;
    EXPECT_EQ(decoder.pending_bytes(), 4u);
  }
}

TEST(PacketDecoder, GivesTheSamePacketsForRandomSplits) {
  std::mt19937 random(4);
  std::vector<std::string> expected;
  std::string stream;
  for (int i = 0; i < 300; ++i) {
    expected.emplace_back(random() % (i % 50 == 0 ? 600'000 : 300), static_cast<char>('a' + i % 26));
    stream += framed(expected.back());
  }
  PacketDecoder decoder;
  std::vector<std::string> packets;
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t size = 1 + random() % (random() % 10 == 0 ? 200'000 : 200);
    decoder.feed(std::string_view(stream).substr(at, size));
    for (auto& packet : packets_of(decoder)) packets.push_back(std::move(packet));
    at += size;
  }
  EXPECT_EQ(packets, expected);
}

TEST(PacketDecoder, TakesAPacketOfExactlyItsBound) {
  PacketDecoder decoder(8);
  decoder.feed("12345678\x04");
  EXPECT_EQ(decoder.next(), "12345678");
}

TEST(PacketDecoder, RefusesAPacketThatPassesItsBound) {
  PacketDecoder decoder(8);
  decoder.feed("123456789\x04");
  try {
    decoder.next();
    FAIL() << "nothing was thrown";
  } catch (const ProtocolError& error) {
    EXPECT_EQ(error.code(), ErrorCode::packet_too_large);
    EXPECT_EQ(error.where(), "");
  }
}

TEST(PacketDecoder, RefusesBeforeTheEndOfAPacketThatPassesItsBound) {
  PacketDecoder decoder(8);
  decoder.feed("12345678");
  EXPECT_EQ(decoder.next(), std::nullopt);
  decoder.feed("9");
  EXPECT_THROW(decoder.next(), ProtocolError);
}

TEST(PacketDecoder, HandsOutThePacketsBeforeTheOneThatPassesTheBound) {
  PacketDecoder decoder(3);
  decoder.feed("one\x04much too long");
  EXPECT_EQ(decoder.next(), "one");
  EXPECT_THROW(decoder.next(), ProtocolError);
}

TEST(PacketDecoder, StaysLostAfterAPacketThatPassedTheBound) {
  PacketDecoder decoder(3);
  decoder.feed("much too long\x04{}\x04");
  EXPECT_THROW(decoder.next(), ProtocolError);
  decoder.feed("{}\x04");
  EXPECT_THROW(decoder.next(), ProtocolError);
}

// CPU time of the fastest of three runs, to be free of the machine's moods.
template <typename Work>
double seconds_for(Work work) {
  double best = std::numeric_limits<double>::max();
  for (int attempt = 0; attempt < 3; ++attempt) {
    const std::clock_t begin = std::clock();
    work();
    best = std::min(best, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  }
  return best;
}

// Looks at each byte once and keeps it, which is the least that any decoder does. A decoder that looked at
// its whole buffer for each piece would take 30,000 times as long.
TEST(PacketDecoder, CostsTimeLinearInTheBytesOfALargePacketThatArrivesAKilobyteAtATime) {
  const std::string piece(1024, 'x');
  constexpr std::size_t pieces = kMaxPacketBytes / 1024;
  const double least = seconds_for([&] {
    std::string buffer;
    for (std::size_t i = 0; i < pieces; ++i) {
      buffer += piece;
      EXPECT_EQ(buffer.find(kEot, i * piece.size()), std::string::npos);
    }
  });
  const double decoding = seconds_for([&] {
    PacketDecoder decoder;
    for (std::size_t i = 0; i < pieces; ++i) {
      decoder.feed(piece);
      EXPECT_EQ(decoder.next(), std::nullopt);
    }
    decoder.feed("\x04");
    EXPECT_EQ(decoder.next()->size(), kMaxPacketBytes);
  });
  EXPECT_LT(decoding, 10 * least);
}

TEST(PacketDecoder, CostsTimeLinearInTheNumberOfSmallPacketsOfOnePiece) {
  const auto decode = [](std::size_t count) {
    std::string stream;
    for (std::size_t i = 0; i < count; ++i) stream += "{}\x04";
    return seconds_for([&] {
      PacketDecoder decoder;
      decoder.feed(stream);
      EXPECT_EQ(packets_of(decoder).size(), count);
    });
  };
  EXPECT_LT(decode(320'000), 16 * decode(20'000) * 5) << "quadratic cost would take 256 times as long";
}

TEST(PacketDecoder, GivesTheMemoryOfALargePacketBack) {
  PacketDecoder decoder;
  decoder.feed(std::string(8 << 20, 'x') + "\x04{");
  EXPECT_GT(decoder.memory_bytes(), 8u << 20);
  EXPECT_EQ(decoder.next()->size(), 8u << 20);
  EXPECT_EQ(decoder.next(), std::nullopt);
  EXPECT_LT(decoder.memory_bytes(), 1u << 20);
  decoder.feed("}\x04");
  EXPECT_EQ(decoder.next(), "{}");
}

}  // namespace
}  // namespace rota::protocol
