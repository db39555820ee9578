#include "judge-node/memory_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>

namespace rota::node {
namespace {

TEST(MemoryFile, HoldsTheBytesItWasMadeOf) {
  const std::string bytes("a\0b\xff", 4);
  const MemoryFile file = MemoryFile::sealed(bytes);
  EXPECT_EQ(file.size(), 4u);
  EXPECT_EQ(file.read(100), bytes);
}

TEST(MemoryFile, CanNeverBeChangedOnceSealed) {
  const MemoryFile file = MemoryFile::sealed("text");
  EXPECT_LT(::pwrite(file.fd(), "x", 1, 0), 0);
  EXPECT_EQ(errno, EPERM);
  EXPECT_LT(::ftruncate(file.fd(), 0), 0);
  EXPECT_LT(::fcntl(file.fd(), F_ADD_SEALS, F_SEAL_FUTURE_WRITE), 0) << "even its seals are sealed";
  EXPECT_EQ(file.read(100), "text");
}

TEST(MemoryFile, StandsAtItsBeginningForTheProgramThatReadsIt) {
  const MemoryFile file = MemoryFile::sealed("text");
  char bytes[10];
  EXPECT_EQ(::read(file.fd(), bytes, sizeof bytes), 4);
}

TEST(MemoryFile, IsNotPassedOnToPrograms) {
  EXPECT_TRUE(::fcntl(MemoryFile::sink().fd(), F_GETFD) & FD_CLOEXEC);
}

TEST(MemoryFile, CopiesADescriptorFromItsBeginning) {
  const MemoryFile original = MemoryFile::sealed(std::string(300'000, 'x') + "end");
  ::lseek(original.fd(), 77, SEEK_SET);
  const MemoryFile copy = MemoryFile::sealed_copy(original.fd(), original.size());
  EXPECT_EQ(copy.read(1 << 20), std::string(300'000, 'x') + "end");
  EXPECT_LT(::pwrite(copy.fd(), "x", 1, 0), 0);
}

TEST(MemoryFile, ReadsNoMoreThanItIsAskedFor) {
  const MemoryFile sink = MemoryFile::sink();
  ASSERT_EQ(::write(sink.fd(), "0123456789", 10), 10);
  EXPECT_EQ(sink.read(4), "0123");
  EXPECT_EQ(sink.read(10), "0123456789");
}

}  // namespace
}  // namespace rota::node
