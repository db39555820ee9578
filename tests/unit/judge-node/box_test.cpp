// A box whose process never speaks, so that only what happens on our side of its socket is seen.
#include "judge-node/box.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rota::node {
namespace {

using testing::HasSubstr;

constexpr int kNoDescriptor = 1'000'000;  // beyond every limit, so never open

class BoxTest : public testing::Test {
 protected:
  sandbox::RunReply reply_to(const sandbox::RunSpec& spec) {
    sandbox::RunReply reply;
    box.run(spec, [&](sandbox::RunReply came) {
      reply = std::move(came);
      loop.stop();
    });
    loop.run();
    return reply;
  }

  net::Loop loop;
  Box box{loop, "/usr/bin/yes", {}, BoxEvents{.on_ready = {}, .on_lost = {}}};  // runs until it is killed
};

TEST_F(BoxTest, ASpecThatCannotBeSentIsABoxFailureAndTheBoxStaysUsable) {
  sandbox::RunSpec spec;
  spec.argv = {"/bin/true"};
  spec.stdin_fd = kNoDescriptor;  // sendmsg(2) refuses it with EBADF
  const auto reply = reply_to(spec);
  EXPECT_EQ(reply.report.cause, protocol::Cause::box_failure);
  EXPECT_THAT(reply.report.detail, HasSubstr("Bad file descriptor"));
  EXPECT_TRUE(box.is_idle());
}

TEST_F(BoxTest, ASpecPastItsBoundsIsABoxFailureAndTheBoxStaysUsable) {
  const auto reply = reply_to(sandbox::RunSpec{});
  EXPECT_EQ(reply.report.cause, protocol::Cause::box_failure);
  EXPECT_THAT(reply.report.detail, HasSubstr("no program"));
  EXPECT_TRUE(box.is_idle());
}

}  // namespace
}  // namespace rota::node
