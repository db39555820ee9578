#include "protocol/job_id.hpp"

#include <gtest/gtest.h>

#include <set>

namespace rota::protocol {
namespace {

using namespace std::chrono_literals;

TEST(JobId, IsAUuidOfVersion7) {
  const std::string id = make_job_id(now().utc);
  EXPECT_TRUE(is_job_id(id)) << id;
  EXPECT_EQ(id[14], '7') << id;
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
}

TEST(JobId, BeginsWithTheMillisecondsSince1970) {
  EXPECT_EQ(make_job_id(UtcTime(0x0193'8c6e'5a00ms)).substr(0, 14), "01938c6e-5a00-");
  EXPECT_EQ(make_job_id(UtcTime(0x0193'8c6e'5a00ms + 999'999ns)).substr(0, 14), "01938c6e-5a00-");
}

TEST(JobId, OrdersByTheTimeOfItsMaking) {
  EXPECT_LT(make_job_id(UtcTime(1'700'000'000'000ms)), make_job_id(UtcTime(1'700'000'000'001ms)));
}

TEST(JobId, DiffersEachTime) {
  std::set<std::string> ids;
  for (int i = 0; i < 10'000; ++i) ids.insert(make_job_id(UtcTime(1ms)));
  EXPECT_EQ(ids.size(), 10'000u);
}

TEST(JobId, OfAnotherVersionIsTakenToo) {
  EXPECT_TRUE(is_job_id("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"));
}

TEST(JobId, IsTakenInItsLowerCaseTextFormOnly) {
  EXPECT_FALSE(is_job_id(""));
  EXPECT_FALSE(is_job_id("F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"));
  EXPECT_FALSE(is_job_id("f81d4fae7dec11d0a76500a0c91e6bf6"));
  EXPECT_FALSE(is_job_id("{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}"));
  EXPECT_FALSE(is_job_id("f81d4fae-7dec-11d0-a765-00a0c91e6bf"));
  EXPECT_FALSE(is_job_id("f81d4fae-7dec-11d0-a765-00a0c91e6bf6 "));
  EXPECT_FALSE(is_job_id("f81d4fae-7dec-11d0-a765-00a0c91e6bg6"));
  EXPECT_FALSE(is_job_id("f81d4fae-7dec-11d0-a765000a0c91e6bf6"));
  EXPECT_FALSE(is_job_id("f81d4fae-7dec-11d0-a765-00a0c91e6b-6"));
}

}  // namespace
}  // namespace rota::protocol
