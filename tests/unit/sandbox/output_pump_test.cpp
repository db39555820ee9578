#include "sandbox/output_pump.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "base/check.hpp"
#include "base/unique_fd.hpp"

namespace rota::sandbox {
namespace {

struct Pipe {
  UniqueFd reader, writer;
  Pipe() {
    int ends[2];
    check(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), "make a pipe");
    reader.reset(ends[0]);
    writer.reset(ends[1]);
  }
};

void write_text(const UniqueFd& fd, const std::string& text) {
  ASSERT_EQ(::write(fd.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

std::string read_available(int fd) {
  std::string text(1 << 20, '\0');
  const ssize_t size = ::read(fd, text.data(), text.size());
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

class OutputPumpTest : public testing::Test {
 protected:
  OutputPumpTest() { ::signal(SIGPIPE, SIG_IGN); }

  OutputPump make_pump(int target, std::uint64_t limit) {
    return OutputPump(source_.reader.get(), target, limit);
  }

  Pipe source_, sink_;
};

TEST_F(OutputPumpTest, WaitsForTheSourceFirst) {
  const int source = source_.reader.get();
  OutputPump pump = make_pump(sink_.writer.get(), 100);
  EXPECT_EQ(pump.interest().fd, source);
  EXPECT_EQ(pump.interest().events, POLLIN);
}

TEST_F(OutputPumpTest, WaitsForTheSinkWhileItHoldsSomething) {
  OutputPump pump = make_pump(sink_.writer.get(), 100);
  write_text(source_.writer, "hello");
  pump.advance();
  EXPECT_EQ(pump.interest().fd, sink_.writer.get());
  EXPECT_EQ(pump.interest().events, POLLOUT);
  pump.advance();
  EXPECT_EQ(read_available(sink_.reader.get()), "hello");
  EXPECT_EQ(pump.kept_bytes(), 5u);
}

TEST_F(OutputPumpTest, WritesAFileAtOnce) {
  const UniqueFd file(check(::memfd_create("sink", MFD_CLOEXEC), "make a memfd"));
  OutputPump pump = make_pump(file.get(), 1 << 20);
  const std::string text(40'000, 'x');
  write_text(source_.writer, text);
  pump.advance();
  EXPECT_EQ(pump.interest().events, POLLIN);
  EXPECT_EQ(::lseek(file.get(), 0, SEEK_END), 40'000);
}

TEST_F(OutputPumpTest, GivesAPipeNoMoreThanItTakesForSure) {
  OutputPump pump = make_pump(sink_.writer.get(), 1 << 20);
  write_text(source_.writer, std::string(10'000, 'x'));
  pump.advance();
  pump.advance();
  EXPECT_EQ(read_available(sink_.reader.get()).size(), 4096u);
}

TEST_F(OutputPumpTest, DoesNotWaitForASinkThatAnotherPumpHasJustFilled) {
  Pipe shared, other_source;
  check(::fcntl(shared.writer.get(), F_SETPIPE_SZ, 4096), "make the sink small");
  check(::fcntl(shared.writer.get(), F_SETFL, 0), "make the sink blocking");
  OutputPump first = make_pump(shared.writer.get(), 1 << 20);
  OutputPump second(other_source.reader.get(), shared.writer.get(), 1 << 20);
  write_text(source_.writer, std::string(4096, '1'));
  write_text(other_source.writer, std::string(4096, '2'));
  first.advance();
  second.advance();
  pollfd room{shared.writer.get(), POLLOUT, 0};
  ASSERT_EQ(::poll(&room, 1, 0), 1);
  first.advance();
  second.advance();
  EXPECT_EQ(read_available(shared.reader.get()), std::string(4096, '1'));
  second.advance();
  EXPECT_EQ(read_available(shared.reader.get()), std::string(4096, '2'));
}

TEST_F(OutputPumpTest, KeepsTheBytesUpToTheLimitAndDropsTheRest) {
  const UniqueFd file(check(::memfd_create("sink", MFD_CLOEXEC), "make a memfd"));
  OutputPump pump = make_pump(file.get(), 6);
  write_text(source_.writer, "123456");
  pump.advance();
  EXPECT_FALSE(pump.has_passed_limit());
  EXPECT_FALSE(pump.is_cut());
  write_text(source_.writer, "7");
  pump.advance();
  EXPECT_TRUE(pump.has_passed_limit());
  EXPECT_TRUE(pump.is_cut());
  EXPECT_EQ(pump.kept_bytes(), 6u);
  EXPECT_EQ(::lseek(file.get(), 0, SEEK_END), 6);
}

TEST_F(OutputPumpTest, IsDoneWhenTheSourceIsClosedAndAllIsDelivered) {
  OutputPump pump = make_pump(sink_.writer.get(), 100);
  write_text(source_.writer, "last");
  source_.writer.reset();
  pump.advance();
  EXPECT_FALSE(pump.is_done());
  pump.advance();
  EXPECT_FALSE(pump.is_done()) << "the end of the source is still to be read";
  pump.advance();
  EXPECT_TRUE(pump.is_done());
}

TEST_F(OutputPumpTest, FinishDoesNotWaitForWritersThatAreStuckSomewhere) {
  OutputPump pump = make_pump(-1, 100);
  write_text(source_.writer, "last");
  pump.finish();
  EXPECT_TRUE(pump.is_done());
  EXPECT_EQ(pump.kept_bytes(), 4u) << "dropped by the caller's wish, but not cut";
  EXPECT_FALSE(pump.is_cut());
}

TEST_F(OutputPumpTest, FinishStillDeliversToASlowSink) {
  OutputPump pump = make_pump(sink_.writer.get(), 1 << 20);
  write_text(source_.writer, std::string(10'000, 'x'));
  pump.finish();
  EXPECT_FALSE(pump.is_done());
  std::size_t delivered = 0;
  for (int turn = 0; turn < 10 && !pump.is_done(); ++turn) {
    pump.advance();
    delivered += read_available(sink_.reader.get()).size();
  }
  EXPECT_EQ(delivered, 10'000u);
  EXPECT_TRUE(pump.is_done());
}

TEST_F(OutputPumpTest, ASinkWithoutReaderLosesTheRestAndIsNotTheProgramsFault) {
  OutputPump pump = make_pump(sink_.writer.get(), 100);
  sink_.reader.reset();
  write_text(source_.writer, "lost");
  pump.advance();
  pump.advance();
  EXPECT_EQ(pump.kept_bytes(), 0u);
  EXPECT_TRUE(pump.is_cut());
  EXPECT_FALSE(pump.has_passed_limit());
  write_text(source_.writer, "more");
  pump.advance();
  EXPECT_EQ(pump.interest().events, POLLIN) << "the program can go on writing";
  EXPECT_EQ(pump.kept_bytes(), 0u);
}

TEST_F(OutputPumpTest, AbandonGivesUpWhatItHolds) {
  OutputPump pump = make_pump(sink_.writer.get(), 100);
  write_text(source_.writer, "held");
  pump.advance();
  pump.abandon();
  EXPECT_TRUE(pump.is_done());
  EXPECT_TRUE(pump.is_cut());
  EXPECT_EQ(pump.kept_bytes(), 0u);
}

}  // namespace
}  // namespace rota::sandbox
