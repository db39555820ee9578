// Death of any of a box's processes, and what is left behind: nothing.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/check.hpp"
#include "tests/support/box_process.hpp"

namespace rota::sandbox::test {
namespace {

namespace fs = std::filesystem;
using rota::test::send_signal;
using namespace std::chrono_literals;
using protocol::Cause;
using testing::IsEmpty;

RunSpec sleeper() {
  RunSpec spec;
  spec.argv = {"sh", "-c", "sleep 1000 & (setsid sleep 1000 &) ; exec sleep 1000"};
  return spec;
}

std::ptrdiff_t sleepers_below(pid_t box) {
  const auto processes = descendants_of(box);
  return std::count_if(processes.begin(), processes.end(), [](pid_t process) {
    return rota::test::command_line_of(process).starts_with("sleep 1000");
  });
}

// A run with several processes is in progress: init, and three that sleep.
std::vector<UniqueFd> start_sleepers(BoxProcess& box) {
  box.client().run(sleeper());
  EXPECT_TRUE(becomes_true([&] { return sleepers_below(box.pid()) == 3; }));
  return watch(descendants_of(box.wait_for_init()));
}

TEST(BoxLifetime, EndOfTheSocketEndsTheBox) {
  BoxProcess box;
  EXPECT_EQ(box.run({"true"}).report.exit_code, 0);
  const pid_t pid = box.pid();
  EXPECT_EQ(box.close_and_wait(), 0);
  EXPECT_THAT(cgroups_of_box(pid), IsEmpty());
}

TEST(BoxLifetime, EndOfTheSocketInARunEndsItAndTheBox) {
  BoxProcess box;
  const pid_t pid = box.pid();
  const auto processes = start_sleepers(box);
  EXPECT_EQ(box.close_and_wait(), 0);
  EXPECT_TRUE(have_ended(processes, 0ms)) << "the supervisor waits for all of them before it ends";
  EXPECT_THAT(cgroups_of_box(pid), IsEmpty());
}

TEST(BoxLifetime, SigtermEndsARunAndTheBox) {
  BoxProcess box;
  const pid_t pid = box.pid();
  const auto processes = start_sleepers(box);
  ::kill(pid, SIGTERM);
  EXPECT_EQ(box.wait_for_reply().report.detail, "cancelled");
  EXPECT_EQ(box.wait_for_end(), 0);
  EXPECT_TRUE(have_ended(processes, 0ms));
  EXPECT_THAT(cgroups_of_box(pid), IsEmpty());
}

TEST(BoxLifetime, AKilledSupervisorTakesItsRunAlongAndTheNextBoxSweepsItsCgroups) {
  BoxProcess box;
  const pid_t pid = box.pid();
  const auto processes = start_sleepers(box);
  ::kill(pid, SIGKILL);
  EXPECT_THROW(box.wait_for_reply(), BoxGone);
  const int status = box.wait_for_end();
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(have_ended(processes));
  EXPECT_TRUE(becomes_true([&] {
    const BoxProcess next;  // a cgroup refuses to go for the moment in which its last process is being buried
    return cgroups_of_box(pid).empty();
  }));
}

TEST(BoxLifetime, ALiveBoxsCgroupsAreNotSwept) {
  BoxProcess box;
  const auto before = cgroups_of_box(box.pid());
  const BoxProcess other;
  EXPECT_EQ(cgroups_of_box(box.pid()), before);
  EXPECT_EQ(box.run({"true"}).report.exit_code, 0);
}

TEST(BoxLifetime, AKilledInitIsOurFailureAndTheBoxGoesOn) {
  BoxProcess box;
  const auto processes = start_sleepers(box);
  ::kill(box.wait_for_init(), SIGKILL);
  const RunReply reply = box.wait_for_reply();
  EXPECT_EQ(reply.report.cause, Cause::box_failure);
  EXPECT_EQ(reply.report.detail, "init was ended from outside");
  EXPECT_TRUE(have_ended(processes, 0ms));
  EXPECT_EQ(box.run({"echo", "on"}).out, "on\n");
}

// A box that clears up after a run waits as well, but for processes: only one that has nothing more to do waits for its
// next request, in poll(2), beside the zygote and the prepared run's init. proc_pid_syscall(5) needs root.
bool is_idle(pid_t box) {
  const std::string call = read_file("/proc/" + std::to_string(box) + "/syscall");
  const auto children = children_of(box);
  return call.starts_with(std::to_string(SYS_poll) + " ") && children.size() == 2 &&
         std::all_of(children.begin(), children.end(), rota::test::is_running);
}

// The zygote is the child that has no children of its own.
pid_t zygote_of(const BoxProcess& box) {
  for (const pid_t child : children_of(box.pid())) {
    if (children_of(child).empty()) return child;
  }
  return -1;
}

pid_t wait_for_zygote(const BoxProcess& box) {
  EXPECT_TRUE(becomes_true([&] { return zygote_of(box) > 0; }));
  return zygote_of(box);
}

TEST(BoxLifetime, AKilledZygoteIsReplaced) {
  BoxProcess box;
  EXPECT_EQ(box.run({"true"}).report.exit_code, 0);
  ASSERT_TRUE(becomes_true([&] { return children_of(box.pid()).size() == 2; })) << "zygote and prepared init";
  const pid_t zygote = zygote_of(box);
  const auto watched = watch({zygote});
  send_signal(zygote, SIGKILL);
  EXPECT_TRUE(have_ended(watched));
  EXPECT_EQ(box.run({"echo", "prepared"}).out, "prepared\n");
  EXPECT_EQ(box.run({"echo", "anew"}).out, "anew\n");
  EXPECT_NE(wait_for_zygote(box), zygote);
}

TEST(BoxLifetime, AZygoteKilledInARunLeavesTheRunAlone) {
  BoxProcess box;
  RunSpec spec;
  spec.argv = {"sh", "-c", "read line; echo $line"};
  int ends[2];
  check(::pipe2(ends, O_CLOEXEC), "make a pipe");
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  const UniqueFd output = make_memfd("");
  spec.stdin_fd = read_end.get();
  spec.stdout_fd = output.get();
  box.client().run(spec);
  box.wait_for_payload();
  send_signal(wait_for_zygote(box), SIGKILL);
  check(::write(write_end.get(), "on\n", 3), "answer the run");
  EXPECT_EQ(box.wait_for_reply().report.exit_code, 0);
  EXPECT_EQ(read_all(output.get()), "on\n");
  EXPECT_EQ(box.run({"true"}).report.exit_code, 0);
}

TEST(BoxLifetime, AKilledPreparedRunIsPreparedAgain) {
  BoxProcess box;
  for (const bool payload : {true, false}) {
    pid_t victim = -1;
    ASSERT_TRUE(becomes_true([&] {
      for (const pid_t init : children_of(box.pid())) {
        const auto children = children_of(init);
        if (!children.empty()) victim = payload ? children.front() : init;
      }
      return victim > 0;
    }));
    const auto watched = watch({victim});
    send_signal(victim, SIGKILL);
    EXPECT_TRUE(have_ended(watched));
    EXPECT_EQ(box.run({"echo", "on"}).out, "on\n") << (payload ? "payload" : "init");
  }
}

TEST(BoxLifetime, AWatchdogWithoutRealTimePriorityIsNoObstacle) {
  if (::geteuid() != 0) GTEST_SKIP() << "NOT TESTED, only root has the priority to lose";
  BoxProcess box({}, Starter::without_sys_nice);
  EXPECT_EQ(box.run({"echo", "one"}).out, "one\n");
  ASSERT_TRUE(becomes_true([&] { return is_idle(box.pid()); }));
  const pid_t zygote = wait_for_zygote(box);
  const auto watched = watch({zygote});
  send_signal(zygote, SIGKILL);
  EXPECT_TRUE(have_ended(watched));
  EXPECT_EQ(box.run({"echo", "two"}).out, "two\n");
  EXPECT_EQ(box.run({"echo", "three"}).out, "three\n");
}

TEST(BoxLifetime, ARunThatEndedInTimeIsNotBlamedForASupervisorThatIsLate) {
  BoxProcess box;
  RunSpec spec;
  spec.argv = {"sleep", "0.3"};
  spec.limits.wall_time = 1500ms;
  box.client().run(spec);
  const auto payload = watch({box.wait_for_payload()});
  ::kill(box.pid(), SIGSTOP);
  EXPECT_TRUE(have_ended(payload));
  ::poll(nullptr, 0, 1500);  // until long after the limit, which is the point
  ::kill(box.pid(), SIGCONT);
  const auto report = box.wait_for_reply().report;
  EXPECT_EQ(report.cause, Cause::exited);
  EXPECT_LT(report.wall_time, 1500ms);
}

TEST(BoxLifetime, APayloadKilledFromOutsideIsNotBlamedOnALimit) {
  BoxProcess box;
  start_sleepers(box);
  ::kill(box.wait_for_payload(), SIGKILL);
  const RunReply reply = box.wait_for_reply();
  EXPECT_EQ(reply.report.cause, Cause::signalled);
  EXPECT_EQ(reply.report.signal, SIGKILL);
}

TEST(BoxLifetime, ASecondRunInARunBreaksTheProtocolAndEndsTheBox) {
  BoxProcess box;
  const auto processes = start_sleepers(box);
  box.client().run(sleeper());
  EXPECT_THROW(box.wait_for_reply(), BoxGone);
  EXPECT_TRUE(have_ended(processes, 0ms));
}

struct Footprint {
  std::size_t descriptors = 0, mounts = 0, cgroups = 0, children = 0;
  bool operator==(const Footprint&) const = default;
};

void PrintTo(const Footprint& seen, std::ostream* out) {
  *out << seen.descriptors << " descriptors, " << seen.mounts << " mounts, " << seen.cgroups << " cgroups, "
       << seen.children << " children";
}

std::size_t count_lines(const std::string& path) {
  const std::string text = read_file(path);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

Footprint look_at(pid_t box) {
  EXPECT_TRUE(becomes_true([&] { return is_idle(box); }));
  const std::string proc = "/proc/" + std::to_string(box);
  const auto descriptors = std::distance(fs::directory_iterator(proc + "/fd"), fs::directory_iterator{});
  return {static_cast<std::size_t>(descriptors), count_lines(proc + "/mountinfo"), cgroups_of_box(box).size(),
          children_of(box).size()};
}

TEST(BoxLifetime, TwoHundredRunsLeaveNothingBehind) {
  if (::geteuid() != 0) GTEST_SKIP() << "NOT TESTED, only root may look at the box's descriptors";
  BoxProcess box;
  EXPECT_EQ(box.run({"true"}).report.exit_code, 0);
  const Footprint before = look_at(box.pid());
  const std::size_t host_mounts = count_lines("/proc/self/mountinfo");
  RunSpec spec;
  spec.argv = {"sh", "-c", "echo x >out; (sleep 100 &) ; exit 0"};
  spec.outputs = {"out"};
  for (int run = 0; run < 200; ++run) ASSERT_EQ(box.run(spec).report.exit_code, 0);
  EXPECT_EQ(look_at(box.pid()), before);
  EXPECT_EQ(count_lines("/proc/self/mountinfo"), host_mounts);
}

pid_t start_short_run() {
  const std::array<const char*, 5> arguments{ROTA_BOX_PATH, "run", "--", "true", nullptr};
  pid_t pid = -1;
  const int error =
      ::posix_spawn(&pid, arguments[0], nullptr, nullptr, const_cast<char**>(arguments.data()), environ);
  return error == 0 ? pid : -1;
}

TEST(BoxLifetime, BoxesThatStartAtOnceDoNotSweepEachOthersCgroups) {
  for (int round = 0; round < 10; ++round) {
    std::vector<pid_t> runs;
    for (int i = 0; i < 16; ++i) runs.push_back(start_short_run());
    for (const pid_t run : runs) {
      int status = -1;
      EXPECT_EQ(::waitpid(run, &status, 0), run);
      EXPECT_EQ(status, 0);
    }
  }
}

}  // namespace
}  // namespace rota::sandbox::test
