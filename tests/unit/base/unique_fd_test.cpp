#include "base/unique_fd.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "base/check.hpp"

namespace rota {
namespace {

UniqueFd open_null() {
  return UniqueFd(check(::open("/dev/null", O_RDONLY | O_CLOEXEC), "open /dev/null"));
}

bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0;
}

TEST(UniqueFd, OwnsNothingAtFirst) {
  const UniqueFd fd;
  EXPECT_FALSE(fd);
  EXPECT_EQ(fd.get(), -1);
}

TEST(UniqueFd, ClosesWhenItGoes) {
  int number = -1;
  {
    const UniqueFd fd = open_null();
    number = fd.get();
    EXPECT_TRUE(fd);
    EXPECT_TRUE(is_open(number));
  }
  EXPECT_FALSE(is_open(number));
}

TEST(UniqueFd, HandsOverByMove) {
  UniqueFd first = open_null();
  const int number = first.get();
  const UniqueFd second = std::move(first);
  EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): the moved-from state is what is tested
  EXPECT_EQ(second.get(), number);
  EXPECT_TRUE(is_open(number));
}

TEST(UniqueFd, ClosesWhatItHeldWhenItIsAssigned) {
  UniqueFd first = open_null();
  UniqueFd second = open_null();
  const int held = second.get();
  const int taken = first.get();
  second = std::move(first);
  EXPECT_FALSE(is_open(held));
  EXPECT_EQ(second.get(), taken);
}

TEST(UniqueFd, KeepsItsFdWhenItIsAssignedToItself) {
  UniqueFd fd = open_null();
  UniqueFd& itself = fd;
  fd = std::move(itself);
  EXPECT_TRUE(is_open(fd.get()));
}

TEST(UniqueFd, GivesItsFdAwayByRelease) {
  UniqueFd fd = open_null();
  const UniqueFd taken(fd.release());
  EXPECT_FALSE(fd);
  EXPECT_TRUE(is_open(taken.get()));
}

TEST(UniqueFd, ClosesByReset) {
  UniqueFd fd = open_null();
  const int number = fd.get();
  fd.reset();
  EXPECT_FALSE(fd);
  EXPECT_FALSE(is_open(number));
}

TEST(Check, GivesTheResultBack) {
  EXPECT_EQ(check(7, "work"), 7);
}

TEST(Check, ThrowsErrnoWithTheContext) {
  try {
    check(::open("/no/such/file", O_RDONLY), "open the file");
    FAIL() << "nothing was thrown";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code().value(), ENOENT);
    EXPECT_NE(std::string(error.what()).find("open the file"), std::string::npos);
  }
}

}  // namespace
}  // namespace rota
