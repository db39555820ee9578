#include "net/subprocess.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>

#include "base/check.hpp"
#include "base/unique_fd.hpp"
#include "net/fd_watch.hpp"

namespace rota::net {
namespace {

int status_of(const std::vector<std::string>& argv) {
  Loop loop;
  int status = -1;
  const Subprocess process(loop, argv, {-1, -1, 2}, [&](int ended) { status = ended; });
  loop.run();
  return status;
}

TEST(Subprocess, TellsTheExitCode) {
  EXPECT_EQ(status_of({"/bin/sh", "-c", "exit 3"}), 3);
}

TEST(Subprocess, TellsASignalAs128PlusItsNumber) {
  EXPECT_EQ(status_of({"/bin/sh", "-c", "kill -9 $$"}), 128 + SIGKILL);
}

TEST(Subprocess, ThrowsWhenTheProgramCannotBeStarted) {
  Loop loop;
  EXPECT_THROW(Subprocess(loop, {"/nonexistent"}, {-1}, [](int) {}), std::runtime_error);
}

TEST(Subprocess, GivesTheChildTheDescriptorsItIsGiven) {
  std::array<int, 2> ends{};
  check(::pipe2(ends.data(), O_CLOEXEC), "pipe");
  UniqueFd reader(ends[0]), writer(ends[1]);
  Loop loop;
  std::string heard;
  const Subprocess process(loop, {"/bin/sh", "-c", "echo hello >&3"}, {-1, -1, 2, writer.get()}, [](int) {});
  writer.reset();
  std::unique_ptr<FdWatch> watch;
  watch = std::make_unique<FdWatch>(loop, reader.get(), [&] {
    std::array<char, 64> buffer{};
    const auto count = ::read(reader.get(), buffer.data(), buffer.size());
    if (count > 0) heard.append(buffer.data(), static_cast<std::size_t>(count));
    if (count <= 0) watch.reset();
  });
  loop.run();
  EXPECT_EQ(heard, "hello\n");
}

TEST(Subprocess, DiesWithItsOwner) {
  Loop loop;
  pid_t pid = -1;
  {
    const Subprocess process(loop, {"/bin/sleep", "1000"}, {-1, -1, -1}, [](int) {});
    pid = process.pid();
    ASSERT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

}  // namespace
}  // namespace rota::net
