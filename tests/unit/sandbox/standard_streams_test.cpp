// What a run does to a stream, and whether it is seen. Real pipes: the kernel's own notion of "changed" is what counts.

#include "sandbox/standard_streams.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <ostream>
#include <string>

#include "base/check.hpp"

namespace rota::sandbox {
namespace {

struct Change {
  std::string name;
  std::function<int(int)> make;  // with the program's descriptor; -1 where it fails
};

void PrintTo(const Change& change, std::ostream* out) {
  *out << change.name;
}

class ChangedPipe : public testing::TestWithParam<Change> {};

TEST_P(ChangedPipe, IsNotAsItWasMade) {
  const OutputPipe pipe{Identity{}};
  ASSERT_TRUE(pipe.is_as_made());
  ASSERT_NE(GetParam().make(pipe.target()), -1);
  EXPECT_FALSE(pipe.is_as_made());
}

int set_times(int fd) {
  const timespec times[2] = {{1, 0}, {2, 0}};
  return ::futimens(fd, times);
}

const Change kChanges[] = {
    {"WrittenTo", [](int fd) { return static_cast<int>(::write(fd, "x", 1)); }},
    {"Resized", [](int fd) { return ::fcntl(fd, F_SETPIPE_SZ, 4096); }},
    {"NonBlocking", [](int fd) { return ::fcntl(fd, F_SETFL, O_NONBLOCK); }},
    {"InPackets", [](int fd) { return ::fcntl(fd, F_SETFL, O_DIRECT); }},
    {"Owned", [](int fd) { return ::fcntl(fd, F_SETOWN, ::getpid()); }},
    {"WithASignal", [](int fd) { return ::fcntl(fd, F_SETSIG, SIGUSR1); }},
    {"WithAMode", [](int fd) { return ::fchmod(fd, 0640); }},
    {"WithTimes", set_times},
};

INSTANTIATE_TEST_SUITE_P(Pipes, ChangedPipe, testing::ValuesIn(kChanges),
                         [](const auto& test) { return test.param.name; });

TEST(NullInput, IsNotAsItWasMadeWithOtherFlags) {
  const NullInput input;
  ASSERT_TRUE(input.is_as_made());
  check(::fcntl(input.fd(), F_SETFL, O_NONBLOCK), "set the flags");
  EXPECT_FALSE(input.is_as_made());
}

TEST(StandardStreams, AreUsedAgainOneByOne) {
  const Identity identity;
  StandardStreams streams(identity);
  struct stat out_before {
  }, err_before{};
  ASSERT_EQ(::fstat(streams.out.target(), &out_before), 0);
  ASSERT_EQ(::fstat(streams.err.target(), &err_before), 0);
  ASSERT_EQ(::write(streams.out.target(), "left", 4), 4);
  streams.clean();
  struct stat out_after {
  }, err_after{};
  ASSERT_EQ(::fstat(streams.out.target(), &out_after), 0);
  ASSERT_EQ(::fstat(streams.err.target(), &err_after), 0);
  EXPECT_NE(out_after.st_ino, out_before.st_ino);
  EXPECT_EQ(err_after.st_ino, err_before.st_ino);
  EXPECT_TRUE(streams.out.is_as_made());
}

}  // namespace
}  // namespace rota::sandbox
