// Everything at once, by dice (random_world.hpp). A seed that fails fails again.

#include "tests/unit/portal/random_world.hpp"

namespace rota::portal {
namespace {

class DispatcherRandomTest : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(DispatcherRandomTest, KeepsEveryPromise) {
  constexpr int kRounds = 15;
  constexpr int kSteps = 1000;
  RandomWorld world(GetParam());
  for (int i = 1; i <= kRounds * kSteps && !HasFailure(); ++i) {
    SCOPED_TRACE(testing::Message() << "step " << i);
    world.step();
    if (i % kSteps == 0) world.settle();
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, DispatcherRandomTest, ::testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace rota::portal
