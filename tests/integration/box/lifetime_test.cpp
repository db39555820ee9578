// Death of any of a box's processes, and what is left behind: nothing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "tests/integration/box/box_process.hpp"

namespace rota::sandbox::test {
namespace {

namespace fs = std::filesystem;
using protocol::Cause;
using testing::IsEmpty;

RunSpec sleeper() {
  RunSpec spec;
  spec.argv = {"sh", "-c", "sleep 1000 & (setsid sleep 1000 &) ; exec sleep 1000"};
  return spec;
}

std::vector<pid_t> descendants_of(pid_t process) {
  std::vector<pid_t> all;
  for (const pid_t child : children_of(process)) {
    all.push_back(child);
    for (const pid_t below : descendants_of(child)) all.push_back(below);
  }
  return all;
}

bool all_gone(const std::vector<pid_t>& processes) {
  return std::none_of(processes.begin(), processes.end(), is_alive);
}

// A run with several processes is in progress.
std::vector<pid_t> start_sleepers(BoxProcess& box) {
  box.client().run(sleeper());
  EXPECT_TRUE(eventually([&] { return descendants_of(box.pid()).size() >= 4; }));
  return descendants_of(box.pid());
}

TEST(BoxLifetime, EndOfTheSocketEndsTheBox) {
  BoxProcess box;
  EXPECT_EQ(box.run({"true"}).report.exit_code, 0);
  const pid_t pid = box.pid();
  EXPECT_EQ(box.close_and_wait(), 0);
  EXPECT_THAT(box_cgroups(pid), IsEmpty());
}

TEST(BoxLifetime, EndOfTheSocketInARunEndsItAndTheBox) {
  BoxProcess box;
  const pid_t pid = box.pid();
  const auto processes = start_sleepers(box);
  EXPECT_EQ(box.close_and_wait(), 0);
  EXPECT_TRUE(all_gone(processes)) << "the supervisor waits for all of them before it ends";
  EXPECT_THAT(box_cgroups(pid), IsEmpty());
}

TEST(BoxLifetime, SigtermEndsARunAndTheBox) {
  BoxProcess box;
  const pid_t pid = box.pid();
  const auto processes = start_sleepers(box);
  ::kill(pid, SIGTERM);
  EXPECT_EQ(box.wait_for_reply().report.detail, "cancelled");
  EXPECT_EQ(box.wait_for_end(), 0);
  EXPECT_TRUE(all_gone(processes));
  EXPECT_THAT(box_cgroups(pid), IsEmpty());
}

TEST(BoxLifetime, AKilledSupervisorTakesItsRunAlongAndTheNextBoxSweepsItsCgroups) {
  BoxProcess box;
  const pid_t pid = box.pid();
  const auto processes = start_sleepers(box);
  ::kill(pid, SIGKILL);
  EXPECT_THROW(box.wait_for_reply(), BoxGone);
  const int status = box.wait_for_end();
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(eventually([&] { return all_gone(processes); }));
  EXPECT_TRUE(eventually([&] {
    const BoxProcess next;  // a cgroup refuses to go for the moment in which its last process is being buried
    return box_cgroups(pid).empty();
  }));
}

TEST(BoxLifetime, ALiveBoxsCgroupsAreNotSwept) {
  BoxProcess box;
  const auto before = box_cgroups(box.pid());
  const BoxProcess other;
  EXPECT_EQ(box_cgroups(box.pid()), before);
  EXPECT_EQ(box.run({"true"}).report.exit_code, 0);
}

TEST(BoxLifetime, AKilledInitIsOurFailureAndTheBoxGoesOn) {
  BoxProcess box;
  const auto processes = start_sleepers(box);
  ::kill(box.wait_for_init(), SIGKILL);
  const RunReply reply = box.wait_for_reply();
  EXPECT_EQ(reply.report.cause, Cause::box_failure);
  EXPECT_EQ(reply.report.detail, "init was ended from outside");
  EXPECT_TRUE(all_gone(processes));
  EXPECT_EQ(box.run({"echo", "on"}).out, "on\n");
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
  EXPECT_TRUE(all_gone(processes));
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

// Asleep, which a box is only while it waits for the next request: it clears up after its answers.
bool is_idle(pid_t box) {
  const std::string stat = read_file("/proc/" + std::to_string(box) + "/stat");
  return stat.at(stat.rfind(')') + 2) == 'S';
}

Footprint look_at(pid_t box) {
  EXPECT_TRUE(eventually([&] { return is_idle(box); }));
  const std::string proc = "/proc/" + std::to_string(box);
  const auto descriptors = std::distance(fs::directory_iterator(proc + "/fd"), fs::directory_iterator{});
  return {static_cast<std::size_t>(descriptors), count_lines(proc + "/mountinfo"), box_cgroups(box).size(),
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

}  // namespace
}  // namespace rota::sandbox::test
