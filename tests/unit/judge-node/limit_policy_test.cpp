#include "judge-node/limit_policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/error.hpp"

namespace rota::node {
namespace {

using protocol::LimitOverrides;
using protocol::Limits;
using std::chrono::milliseconds;

const Limits kDefaults{};

TEST(LimitPolicy, WithoutOverridesTheDefaultsHold) {
  EXPECT_EQ(effective_limits(kDefaults, {}, kDefaultMaxima), kDefaults);
}

TEST(LimitPolicy, EachOverrideHolds) {
  const LimitOverrides wanted{.cpu_time = milliseconds(1),
                              .wall_time = milliseconds(2),
                              .memory_bytes = 3,
                              .output_bytes = 4,
                              .file_bytes = 5,
                              .processes = 6};
  const Limits expected{.cpu_time = milliseconds(1),
                        .wall_time = milliseconds(2),
                        .memory_bytes = 3,
                        .output_bytes = 4,
                        .file_bytes = 5,
                        .processes = 6};
  EXPECT_EQ(effective_limits(kDefaults, wanted, kDefaultMaxima), expected);
}

TEST(LimitPolicy, DefaultsAboveTheMaximaAreClipped) {
  Limits maxima = kDefaultMaxima;
  maxima.memory_bytes = 1000;
  EXPECT_EQ(effective_limits(kDefaults, {}, maxima).memory_bytes, 1000u);
}

TEST(LimitPolicy, AnOverrideUpToTheMaximumIsGranted) {
  const LimitOverrides wanted{.memory_bytes = kDefaultMaxima.memory_bytes};
  EXPECT_EQ(effective_limits(kDefaults, wanted, kDefaultMaxima).memory_bytes, kDefaultMaxima.memory_bytes);
}

TEST(LimitPolicy, AnOverrideAboveTheMaximumIsRefusedByName) {
  const auto refusal = [](const LimitOverrides& wanted) {
    try {
      effective_limits(kDefaults, wanted, kDefaultMaxima);
    } catch (const protocol::ProtocolError& error) {
      EXPECT_EQ(error.code(), protocol::ErrorCode::out_of_range);
      return error.where() + ": " + error.what();
    }
    return std::string();
  };
  EXPECT_EQ(refusal({.cpu_time = milliseconds(60'001)}),
            "limits.cpu_time_ms: cpu_time_ms is 60001, and this node grants at most 60000");
  EXPECT_THAT(refusal({.wall_time = milliseconds(120'001)}), testing::StartsWith("limits.wall_time_ms: "));
  EXPECT_THAT(refusal({.memory_bytes = (2ull << 30) + 1}), testing::StartsWith("limits.memory_bytes: "));
  EXPECT_THAT(refusal({.output_bytes = (16ull << 20) + 1}), testing::StartsWith("limits.output_bytes: "));
  EXPECT_THAT(refusal({.file_bytes = (1ull << 30) + 1}), testing::StartsWith("limits.file_bytes: "));
  EXPECT_THAT(refusal({.processes = 257}), testing::StartsWith("limits.processes: "));
}

TEST(LimitPolicy, MoreCpuTimeAloneBringsMoreWallTime) {
  EXPECT_EQ(effective_limits(kDefaults, {.cpu_time = milliseconds(30'000)}, kDefaultMaxima).wall_time,
            milliseconds(60'000));
  EXPECT_EQ(effective_limits(kDefaults, {.cpu_time = milliseconds(100)}, kDefaultMaxima).wall_time,
            kDefaults.wall_time);
}

TEST(LimitPolicy, WallTimeThatIsNamedIsNeverChanged) {
  const LimitOverrides wanted{.cpu_time = milliseconds(30'000), .wall_time = milliseconds(5)};
  EXPECT_EQ(effective_limits(kDefaults, wanted, kDefaultMaxima).wall_time, milliseconds(5));
}

}  // namespace
}  // namespace rota::node
