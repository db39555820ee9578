#include "judge-node/descriptor_limit.hpp"

#include <gtest/gtest.h>

namespace rota::node {
namespace {

TEST(DescriptorLimit, ConnectionsAndCachedFilesGetAQuarterEachOfAFewDescriptors) {
  EXPECT_EQ(shares_of(1024).connections, 256u);
  EXPECT_EQ(shares_of(1024).cached_files, 256u);
}

TEST(DescriptorLimit, OfManyDescriptorsNoMoreIsSpentThanIsOfUse) {
  EXPECT_EQ(shares_of(1 << 20).connections, 1024u);
  EXPECT_EQ(shares_of(1 << 20).cached_files, 4096u);
}

}  // namespace
}  // namespace rota::node
