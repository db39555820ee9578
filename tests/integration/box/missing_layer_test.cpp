// A host without a wall that should be there: no cgroup hierarchy is mounted where the box starts.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "sandbox/layers.hpp"
#include "tests/support/box_process.hpp"
#include "tests/support/missing_layers.hpp"

namespace rota::sandbox::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class MissingLayer : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "NOT TESTED: only root expects cgroups";
  }

  static std::string refusal_of_box(const std::vector<std::string>& flags) {
    try {
      BoxProcess box(flags, Starter::without_cgroups);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "started";
  }
};

TEST_F(MissingLayer, IsAReasonToRefuse) {
  EXPECT_THAT(refusal_of_box({}), AllOf(HasSubstr("memory-cgroup is missing: "), HasSubstr("cgroup"),
                                        HasSubstr("name it in --allow-missing memory-cgroup")));
}

TEST_F(MissingLayer, IsRefusedForAsLongAsOneIsNotAllowed) {
  EXPECT_THAT(refusal_of_box({"--allow-missing", "memory-cgroup"}), HasSubstr("pids-cgroup is missing: "));
}

TEST_F(MissingLayer, ThatIsAllowedIsReportedAndTheBoxWorks) {
  BoxProcess box(rota::test::allow_missing_cgroups(), Starter::without_cgroups);
  const auto layer = std::find_if(box.layers().begin(), box.layers().end(),
                                  [](const Layer& one) { return one.name == "memory-cgroup"; });
  ASSERT_NE(layer, box.layers().end());
  EXPECT_FALSE(layer->active);
  EXPECT_TRUE(layer->expected);
  EXPECT_NE(layer->reason, "");
  EXPECT_EQ(box.run({"echo", "here"}).out, "here\n");
}

TEST_F(MissingLayer, IsNotExpectedWhereItIsSwitchedOff) {
  BoxProcess box({"--cgroup", "none"});
  EXPECT_FALSE(find_missing_layer(box.layers(), {}));
  EXPECT_FALSE(box.has_layer("memory-cgroup"));
}

TEST(Layers, OrdinaryUsersMissOnlyWhatIsNotExpectedOfThem) {
  BoxProcess box({}, Starter::ordinary_user);
  EXPECT_FALSE(find_missing_layer(box.layers(), {}));
  EXPECT_THAT(box.why_not("own-user"), HasSubstr("not root"));
}

TEST(Layers, AllHaveNamesThatAllowMissingTakes) {
  BoxProcess box({"--cpus", "0", "--max-cores", "1"});  // each a layer where it is asked for
  std::set<std::string> names{std::string(kSelfTestLayer)};
  for (const Layer& layer : box.layers()) names.insert(layer.name);
  EXPECT_EQ(names, std::set<std::string>(layer_names().begin(), layer_names().end()));
}

}  // namespace
}  // namespace rota::sandbox::test
