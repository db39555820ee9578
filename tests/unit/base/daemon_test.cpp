#include "base/daemon.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <system_error>

#include "base/check.hpp"
#include "base/unique_fd.hpp"

namespace rota {
namespace {

TEST(TellReady, WritesTheAddressAndClosesTheDescriptor) {
  std::array<int, 2> ends{};
  check(::pipe(ends.data()), "pipe");
  const UniqueFd reader(ends[0]);
  tell_ready(ends[1], "127.0.0.1:4000");
  std::array<char, 100> text{};
  EXPECT_EQ(::read(reader.get(), text.data(), text.size()), 15);
  EXPECT_STREQ(text.data(), "127.0.0.1:4000\n");
  EXPECT_EQ(::read(reader.get(), text.data(), text.size()), 0);
}

TEST(TellReady, DoesNothingWhereNobodyAsks) {
  EXPECT_NO_THROW(tell_ready(-1, "127.0.0.1:4000"));
}

TEST(TellReady, ThrowsWhereTheDescriptorIsNone) {
  EXPECT_THROW(tell_ready(999'999, "127.0.0.1:4000"), std::system_error);
}

TEST(HostName, IsNeverEmpty) {
  EXPECT_FALSE(host_name().empty());
}

TEST(DefaultStateDir, IsAbsoluteAndEndsInTheProgramsName) {
  EXPECT_TRUE(default_state_dir("portal").is_absolute());
  EXPECT_TRUE(default_state_dir("portal").string().ends_with("/rota/portal"));
}

}  // namespace
}  // namespace rota
