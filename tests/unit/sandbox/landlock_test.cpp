#include "sandbox/landlock.hpp"

#include <gtest/gtest.h>

namespace rota::sandbox {
namespace {

// The bits of linux/landlock.h, version by version.
constexpr std::uint64_t kRefer = 1ull << 13, kTruncate = 1ull << 14, kIoctlDevice = 1ull << 15;

TEST(LandlockAttributes, AskForFilesOnlyOfTheFirstVersion) {
  EXPECT_EQ(attributes_for(1).file_access, kRefer - 1);
  EXPECT_EQ(attributes_for(1).network_access, 0u);
  EXPECT_EQ(attributes_for(1).scopes, 0u);
}

TEST(LandlockAttributes, AskForWhatEachVersionAdded) {
  EXPECT_EQ(attributes_for(2).file_access, 2 * kRefer - 1);
  EXPECT_EQ(attributes_for(3).file_access, 2 * kTruncate - 1);
  EXPECT_EQ(attributes_for(4).file_access, 2 * kTruncate - 1);
  EXPECT_EQ(attributes_for(5).file_access, 2 * kIoctlDevice - 1);
  EXPECT_EQ(attributes_for(3).network_access, 0u);
  EXPECT_EQ(attributes_for(4).network_access, 3u) << "to bind and to connect TCP";
  EXPECT_EQ(attributes_for(5).scopes, 0u);
  EXPECT_EQ(attributes_for(6).scopes, 3u) << "abstract sockets and signals";
}

TEST(LandlockAttributes, AskNewerKernelsForNoMoreThanIsKnown) {
  EXPECT_EQ(attributes_for(100).file_access, attributes_for(7).file_access);
  EXPECT_EQ(size_for(100), size_for(6));
}

TEST(LandlockAttributes, ShowOlderKernelsOnlyTheFieldsThatTheyKnow) {
  EXPECT_EQ(size_for(1), 8u);
  EXPECT_EQ(size_for(3), 8u);
  EXPECT_EQ(size_for(4), 16u);
  EXPECT_EQ(size_for(6), 24u);
}

}  // namespace
}  // namespace rota::sandbox
