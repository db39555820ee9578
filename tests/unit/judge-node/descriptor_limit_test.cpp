#include "judge-node/descriptor_limit.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

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

TEST(DescriptorLimit, IsRaisedToWhatTheAdministratorGrants) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit lowered{.rlim_cur = 100, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lowered), 0);
  EXPECT_EQ(raise_descriptor_limit(), before.rlim_max);
  rlimit after{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace rota::node
