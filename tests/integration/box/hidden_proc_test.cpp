// A host whose /proc hides processes from those who do not own them (hidepid, proc(5)).

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/box_process.hpp"

namespace rota::sandbox::test {
namespace {

class HiddenProc : public testing::TestWithParam<Starter> {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "NOT TESTED: only root may mount another /proc";
  }
};

TEST_P(HiddenProc, IsNoObstacleToABox) {
  BoxProcess box({}, GetParam());
  EXPECT_EQ(box.run({"echo", "one"}).out, "one\n");
  EXPECT_EQ(box.run({"python3", "-c", "import socket; socket.socketpair(); print('two')"}).out, "two\n");
  EXPECT_EQ(box.run({"sh", "-c", "echo /proc/[0-9]*"}).out, "/proc/2\n");
}

INSTANTIATE_TEST_SUITE_P(Starters, HiddenProc,
                         testing::Values(Starter::hidden_proc, Starter::ordinary_user_with_hidden_proc),
                         [](const auto& test) {
                           return test.param == Starter::hidden_proc ? "Root" : "OrdinaryUser";
                         });

}  // namespace
}  // namespace rota::sandbox::test
