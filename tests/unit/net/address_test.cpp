#include <gtest/gtest.h>

#include "net/loop.hpp"

namespace rota::net {
namespace {

TEST(ParseAddress, TakesHostAndPort) {
  EXPECT_EQ(parse_address("mumm:1234").host, "mumm");
  EXPECT_EQ(parse_address("mumm:1234").port, 1234);
}

TEST(ParseAddress, TakesABarePortAsLoopback) {
  EXPECT_EQ(parse_address("4000").host, "127.0.0.1");
  EXPECT_EQ(parse_address("4000").port, 4000);
}

TEST(ParseAddress, TakesAnIpv6AddressInBrackets) {
  EXPECT_EQ(parse_address("[::1]:0").host, "::1");
  EXPECT_EQ(address_text("::1", 5), "[::1]:5");
}

TEST(ParseAddress, RefusesWhatIsNoAddress) {
  for (const char* text :
       {"", ":", ":1", "a:", "a:b", "a:1x", "a:65536", "a:-1", "::1:4000", "[]:1", "a: 1"}) {
    EXPECT_THROW(parse_address(text), std::invalid_argument) << text;
  }
}

}  // namespace
}  // namespace rota::net
