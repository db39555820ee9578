// Limits: sizes to the byte; times with what a loaded machine adds to them.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include "base/check.hpp"
#include "tests/support/box_process.hpp"

namespace rota::sandbox::test {
namespace {

using namespace std::chrono_literals;
using protocol::Cause;

// How late the supervisor may see that a limit has passed, when others use the machine too.
constexpr auto kLateness = 500ms;

constexpr const char* kBurn = "while :; do :; done";

class BoxLimits : public testing::Test {
 protected:
  static RunSpec shell(const std::string& script) {
    RunSpec spec;
    spec.argv = {"sh", "-c", script};
    return spec;
  }

  BoxProcess box_;
};

TEST_F(BoxLimits, CpuTimeEndsALoopOnTime) {
  NEEDS_LAYER(box_, "cpu-cgroup");
  RunSpec spec = shell(kBurn);
  spec.limits.cpu_time = 500ms;
  const auto report = box_.run(spec).report;
  EXPECT_EQ(report.cause, Cause::cpu_time);
  EXPECT_EQ(report.signal, SIGKILL);
  EXPECT_EQ(report.detail, "CPU time limit of 500 ms passed");
  EXPECT_GE(report.cpu_time, 500ms);
  EXPECT_LT(report.cpu_time, 500ms + kLateness);
}

TEST_F(BoxLimits, CpuTimeEndsALoopWithoutCgroupsToo) {
  BoxProcess box({"--cgroup", "none"});
  RunSpec spec = shell(kBurn);
  spec.limits.cpu_time = 300ms;
  const auto report = box.run(spec).report;
  EXPECT_EQ(report.cause, Cause::cpu_time);
  EXPECT_GE(report.cpu_time, 300ms);
  EXPECT_LT(report.cpu_time, 300ms + kLateness);
}

TEST_F(BoxLimits, WallTimeEndsASleeperOnTime) {
  RunSpec spec = shell("sleep 100");
  spec.limits.wall_time = 2s;
  const auto report = box_.run(spec).report;
  EXPECT_EQ(report.cause, Cause::wall_time);
  EXPECT_EQ(report.detail, "wall time limit of 2000 ms passed");
  EXPECT_GE(report.wall_time, 2s);
  EXPECT_LT(report.wall_time, 50s) << "it sleeps for twice as long";
  EXPECT_LT(report.cpu_time, 1500ms) << "sleeping costs none; starting does, most so on an emulated machine";
}

TEST_F(BoxLimits, TheProgramsOwnRusageAgreesWithTheReport) {
  NEEDS_LAYER(box_, "cpu-cgroup");
  const Outcome outcome = box_.run({"python3", "-c", R"(
import resource, os
while resource.getrusage(resource.RUSAGE_SELF).ru_utime < 0.2: pass
used = resource.getrusage(resource.RUSAGE_SELF)
os.write(1, str(used.ru_utime + used.ru_stime).encode())
os._exit(0)
)"});
  const double own_ms = std::stod(outcome.out) * 1e3;
  const double reported_ms = static_cast<double>(outcome.report.cpu_time.count()) / 1e6;
  EXPECT_GE(reported_ms, own_ms - 10) << "nothing is lost, but for the grain of the two clocks";
  EXPECT_LT(reported_ms, 1.25 * own_ms + 100)
      << "init's part, and the end of a Python process after its last look, longer with cold caches";
}

// The clock runs from exec on, which copies of the inputs put off past the limit here.
TEST_F(BoxLimits, WallTimeHoldsAfterLongCopies) {
  const UniqueFd input = make_memfd("");
  check(::ftruncate(input.get(), 256 << 20), "make a large input");
  RunSpec spec;
  spec.argv = {"sleep", "60"};
  spec.inputs = {{"large", input.get(), false}};
  spec.limits.wall_time = 20ms;
  const auto report = box_.run(spec).report;
  EXPECT_EQ(report.cause, Cause::wall_time) << report.detail;
  EXPECT_GE(report.wall_time, 20ms);
  EXPECT_LT(report.wall_time, 10s);
}

TEST_F(BoxLimits, OutputOfExactlyTheLimitIsNotTooMuch) {
  RunSpec spec = shell("head -c 5000 /dev/zero");
  spec.limits.output_bytes = 5000;
  const Outcome outcome = box_.run(spec);
  EXPECT_EQ(outcome.report.cause, Cause::exited);
  EXPECT_EQ(outcome.report.stdout_bytes, 5000u);
  EXPECT_FALSE(outcome.report.stdout_cut);
}

TEST_F(BoxLimits, OneByteMoreIsCutAndSaid) {
  RunSpec spec = shell("head -c 5001 /dev/zero; sleep 100");
  spec.limits.output_bytes = 5000;
  const Outcome outcome = box_.run(spec);
  EXPECT_EQ(outcome.report.cause, Cause::output);
  EXPECT_EQ(outcome.report.signal, SIGKILL);
  EXPECT_EQ(outcome.report.detail, "output limit of 5000 bytes passed on stdout");
  EXPECT_EQ(outcome.report.stdout_bytes, 5000u);
  EXPECT_EQ(outcome.out, std::string(5000, '\0'));
  EXPECT_TRUE(outcome.report.stdout_cut);
  EXPECT_FALSE(outcome.report.stderr_cut);
}

TEST_F(BoxLimits, OutputThatIsTooMuchCountsAlsoWhenTheProgramHasEnded) {
  RunSpec spec = shell("head -c 5001 /dev/zero >&2");
  spec.limits.output_bytes = 5000;
  const Outcome outcome = box_.run(spec);
  EXPECT_EQ(outcome.report.cause, Cause::output);
  EXPECT_TRUE(outcome.report.stderr_cut);
}

struct SlowSink {
  UniqueFd reader, writer;

  SlowSink() {
    int ends[2];
    check(::pipe2(ends, O_CLOEXEC), "make a pipe");
    reader.reset(ends[0]);
    writer.reset(ends[1]);
    check(::fcntl(reader.get(), F_SETFL, O_NONBLOCK), "make the reader non-blocking");
  }

  bool is_full() const {
    pollfd room{writer.get(), POLLOUT, 0};
    return ::poll(&room, 1, 0) == 0;
  }

  std::size_t read_some() const {
    std::string received(1 << 20, '\0');
    return static_cast<std::size_t>(
        std::max<ssize_t>(::read(reader.get(), received.data(), received.size()), 0));
  }

  // All that comes until the box answers.
  std::size_t read_until_answer(BoxProcess& box) const {
    std::size_t total = 0;
    pollfd answer{box.client().fd(), POLLIN, 0};
    while (::poll(&answer, 1, 1) == 0) total += read_some();
    return total + read_some();
  }
};

TEST_F(BoxLimits, NobodyReadingTheOutputDoesNotStopTheClocks) {
  const SlowSink sink;
  RunSpec spec = shell("yes");
  spec.stdout_fd = sink.writer.get();
  spec.limits.output_bytes = 1 << 30;
  spec.limits.wall_time = 1s;
  box_.client().run(spec);
  // The box has to end the run by itself while the pipe is full; then it still
  // wants to deliver what it holds.
  ASSERT_TRUE(have_ended(watch({box_.wait_for_init()})));
  const std::size_t total = sink.read_until_answer(box_);
  const auto report = box_.wait_for_reply().report;
  EXPECT_EQ(report.cause, Cause::wall_time);
  EXPECT_EQ(report.stdout_bytes, total);
}

// A run that has ended by itself, whose last output finds no room in the sink.
class BoxWithAFullSink : public BoxLimits {
 protected:
  static constexpr std::size_t kWritten =
      100'000;  // more than the sink takes, less than it and the box together

  BoxWithAFullSink() {
    RunSpec spec = shell("head -c " + std::to_string(kWritten) + " /dev/zero");
    spec.stdout_fd = sink_.writer.get();
    box_.client().run(spec);
    EXPECT_TRUE(becomes_true([&] { return sink_.is_full() && is_asleep_without_a_run(); }));
  }

  bool is_asleep_without_a_run() const {
    const std::string stat = read_file("/proc/" + std::to_string(box_.pid()) + "/stat");
    return stat.find(") S ") != std::string::npos && !box_.has_payload();
  }

  SlowSink sink_;
};

TEST_F(BoxWithAFullSink, DeliversAllOfItWhenItIsRead) {
  EXPECT_EQ(sink_.read_until_answer(box_), kWritten);
  const auto report = box_.wait_for_reply().report;
  EXPECT_EQ(report.cause, Cause::exited);
  EXPECT_EQ(report.stdout_bytes, kWritten);
  EXPECT_FALSE(report.stdout_cut);
}

TEST_F(BoxWithAFullSink, CanBeCancelled) {
  box_.client().cancel();
  const auto report = box_.wait_for_reply().report;
  EXPECT_TRUE(report.stdout_cut);
  EXPECT_LT(report.stdout_bytes, kWritten);
  EXPECT_EQ(box_.run(shell("echo on")).out, "on\n");
}

TEST_F(BoxWithAFullSink, EndsWithItsCaller) {
  EXPECT_EQ(box_.close_and_wait(), 0);
}

TEST_F(BoxLimits, ASinkThatIsClosedLosesTheOutputAndNotTheRun) {
  int ends[2];
  check(::pipe2(ends, O_CLOEXEC), "make a pipe");
  UniqueFd reader(ends[0]);
  const UniqueFd writer(ends[1]);
  reader.reset();
  RunSpec spec = shell("echo lost; exit 4");
  spec.stdout_fd = writer.get();
  const auto report = box_.run(spec).report;
  EXPECT_EQ(report.exit_code, 4);
  EXPECT_TRUE(report.stdout_cut);
  EXPECT_EQ(report.stdout_bytes, 0u);
}

TEST_F(BoxLimits, OneProcessIsEnoughForARunAndDoesNotCostTheNextIts) {
  RunSpec alone = shell("exit 5");
  alone.limits.processes = 1;
  RunSpec next = shell("(true) && (true); exit 6");
  for (int round = 0; round < 20; ++round) {
    const auto first = box_.run(alone).report;
    ASSERT_EQ(first.exit_code, 5) << first.detail;
    const auto second = box_.run(next).report;
    ASSERT_EQ(second.exit_code, 6) << second.detail;
  }
}

TEST_F(BoxLimits, ARunThatRanOutOfMemoryBringsOutNoFiles) {
  NEEDS_LAYER(box_, "memory-cgroup");
  RunSpec spec = shell("echo made >result; (python3 -c 'x = bytearray(1 << 30)'); exit 0");
  spec.limits.memory_bytes = 64 << 20;
  spec.outputs = {"result"};
  const Outcome outcome = box_.run(spec);
  EXPECT_EQ(outcome.report.cause, Cause::memory);
  EXPECT_TRUE(outcome.files.empty());
}

TEST_F(BoxLimits, InputsThatNoLimitCouldHoldAreRefusedByName) {
  const UniqueFd huge = make_memfd("");
  check(::ftruncate(huge.get(), std::int64_t{1} << 62), "make a huge file");
  RunSpec spec = shell("true");
  spec.inputs = {{"huge", huge.get(), false}};
  const auto report = box_.run(spec).report;
  EXPECT_EQ(report.cause, Cause::box_failure);
  EXPECT_EQ(report.detail, "the inputs are too large: huge");
}

TEST_F(BoxLimits, MemoryOfAnAllocatorIsMeasured) {
  NEEDS_LAYER(box_, "memory-cgroup");
  const Outcome outcome = box_.run({"python3", "-c", "x = b'x' * (100 << 20)"});
  EXPECT_EQ(outcome.report.exit_code, 0);
  EXPECT_GT(outcome.report.memory_bytes, 100u << 20);
  EXPECT_LT(outcome.report.memory_bytes, 125u << 20);
}

TEST_F(BoxLimits, ALargeRunDoesNotColourTheNextOnesMemory) {
  NEEDS_LAYER(box_, "memory-cgroup");
  RunSpec large = shell("head -c 50000000 /dev/zero >file");
  large.outputs = {"file"};
  box_.client().run(large);
  const RunReply held = box_.wait_for_reply();  // its file stays charged to somebody
  ASSERT_EQ(held.outputs.size(), 1u);
  RunSpec small = shell("true");
  small.limits.memory_bytes = 40 << 20;
  const auto report = box_.run(small).report;
  EXPECT_EQ(report.cause, Cause::exited) << report.detail;
  EXPECT_LT(report.memory_bytes, 48u << 20) << "a sanitizer's own memory included";
}

TEST_F(BoxLimits, MemoryIsBoundedWithoutCgroupsToo) {
  BoxProcess box({"--cgroup", "none"});
  RunSpec spec;
  spec.argv = {"python3", "-c", "x = b'x' * (300 << 20)"};
  spec.limits.memory_bytes = 200 << 20;
  const Outcome outcome = box.run(spec);
  EXPECT_EQ(outcome.report.exit_code, 1);
  EXPECT_THAT(outcome.err, testing::HasSubstr("MemoryError"));
}

TEST_F(BoxLimits, ProcessesPastTheLimitAreRefused) {
  NEEDS_LAYER(box_, "pids-cgroup");
  RunSpec spec = shell("for i in 1 2 3 4 5 6 7 8; do sleep 10 & done; exit 0");
  spec.limits.processes = 4;
  const auto report = box_.run(spec).report;
  EXPECT_TRUE(report.process_limit_hit);
  spec = shell("for i in 1 2 3; do sleep 0 & done; wait");
  spec.limits.processes = 4;
  const auto second = box_.run(spec).report;
  EXPECT_FALSE(second.process_limit_hit);
  EXPECT_EQ(second.exit_code, 0);
}

TEST_F(BoxLimits, ProcessesAreBoundedWithoutCgroupsToo) {
  BoxProcess box({"--cgroup", "none"}, Starter::ordinary_user);
  RunSpec spec;
  spec.argv = {"python3", "-c", R"(
import os, time
children = 0
try:
    while True:
        if os.fork() == 0: time.sleep(100)
        children += 1
except BlockingIOError:
    os.write(1, str(children).encode())
    os._exit(0)
)"};
  spec.limits.processes = 6;
  EXPECT_EQ(box.run(spec).out, "5");
}

TEST_F(BoxLimits, CancellingEndsARunAndTheBoxGoesOn) {
  box_.client().run(shell(kBurn));
  box_.wait_for_payload();
  box_.client().cancel();
  const auto report = box_.wait_for_reply().report;
  EXPECT_EQ(report.cause, Cause::box_failure);
  EXPECT_EQ(report.detail, "cancelled");
  box_.client().cancel();  // too late: nothing is running
  EXPECT_EQ(box_.run(shell("echo on")).out, "on\n");
}

}  // namespace
}  // namespace rota::sandbox::test
