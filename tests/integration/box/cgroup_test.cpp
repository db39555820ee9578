// Where a box's processes stand in the hierarchies of cgroups, and what holds for them there. ci/vm runs these with
// version 2, as root and as an ordinary user.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "sandbox/cgroup.hpp"
#include "sandbox/cgroup_text.hpp"
#include "tests/support/box_process.hpp"

namespace rota::sandbox::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using protocol::Cause;
using testing::HasSubstr;

std::string cgroup_of(const std::string& process) {
  const auto path = path_in_hierarchy(read_file("/proc/" + process + "/cgroup"), kVersion2);
  return path.value_or("");
}

bool uses_version_2(const BoxProcess& box) {
  return box.has_layer("memory-cgroup") &&
         box.why_not("memory-cgroup").find("cgroup v2") != std::string::npos;
}

#define NEEDS_VERSION_2(box) \
  if (!uses_version_2(box))  \
  GTEST_SKIP() << "NOT TESTED, no cgroup version 2: " << (box).why_not("memory-cgroup")

std::string box_folder(const BoxProcess& box) {
  return "/rota-box-" + std::to_string(box.pid());
}

RunSpec shell(const std::string& script) {
  RunSpec spec;
  spec.argv = {"sh", "-c", script};
  return spec;
}

std::ptrdiff_t count_folders(const std::string& path) {
  const auto entries = fs::directory_iterator(path);
  return std::count_if(begin(entries), end(entries), [](auto& entry) { return entry.is_directory(); });
}

TEST(BoxCgroup, ARunsProcessesAreBornInTheRunsFolder) {
  BoxProcess box;
  NEEDS_VERSION_2(box);
  box.client().run(shell("sleep 100"));
  const pid_t payload = box.wait_for_payload();
  for (const pid_t process : {box.wait_for_init(), payload}) {
    EXPECT_THAT(cgroup_of(std::to_string(process)), HasSubstr(box_folder(box) + "/run-"));
  }
  box.client().cancel();
  box.wait_for_reply();
}

TEST(BoxCgroup, TheSupervisorStaysOutside) {
  BoxProcess box;
  NEEDS_VERSION_2(box);
  EXPECT_THAT(cgroup_of(std::to_string(box.pid())), testing::Not(HasSubstr("rota-box-")));
}

TEST(BoxCgroup, RootLeavesItsOwnPlaceAsItIs) {
  const std::string before = cgroup_of("self");
  BoxProcess box;
  NEEDS_VERSION_2(box);
  if (::geteuid() != 0 || before == "/" || before.ends_with("/rota-host"))
    GTEST_SKIP() << "NOT TESTED, our place is handed on to us";
  EXPECT_EQ(cgroup_of("self"), before);
  EXPECT_EQ(cgroup_of(std::to_string(box.pid())), before);
}

TEST(BoxCgroup, TheProgramSeesItsOwnAsTheRoot) {
  BoxProcess box;
  NEEDS_VERSION_2(box);
  EXPECT_THAT(box.run({"cat", "/proc/self/cgroup"}).out, HasSubstr("0::/\n"));
}

TEST(BoxCgroup, TheFoldersOfARunGoWithItsBox) {
  BoxProcess box;
  NEEDS_VERSION_2(box);
  const auto folders = cgroups_of_box(box.pid());
  ASSERT_EQ(folders.size(), 1u);
  for (int run = 0; run < 3; ++run) EXPECT_EQ(box.run({"true"}).report.exit_code, 0);
  EXPECT_TRUE(becomes_true([&] { return count_folders(folders.front()) == 1; })) << "the next run's alone";
  EXPECT_EQ(box.close_and_wait(), 0);
  EXPECT_FALSE(fs::exists(folders.front()));
}

TEST(BoxCgroup, AFolderIsUsedAgainWhereThePeakCanBeResetAndOnlyThere) {
  BoxProcess box;
  NEEDS_VERSION_2(box);
  const std::string folder = cgroups_of_box(box.pid()).front();
  const std::string first = folder + "/run-1";
  ASSERT_TRUE(fs::exists(first));
  const auto peak = fs::status(first + "/memory.peak").permissions();
  const bool can_be_reset = (peak & fs::perms::owner_write) != fs::perms::none;  // since Linux 6.12
  EXPECT_EQ(box.run({"true"}).report.exit_code, 0);
  EXPECT_TRUE(becomes_true([&] { return fs::exists(first) == can_be_reset && count_folders(folder) == 1; }));
}

TEST(BoxCgroup, APeakIsTheRunsOwn) {
  BoxProcess box;
  NEEDS_LAYER(box, "memory-cgroup");
  const std::string hog = "head -c 60000000 /dev/zero >/tmp/file";
  EXPECT_GT(box.run(shell(hog)).report.memory_bytes, 60'000'000u);
  const auto after = box.run({"true"}).report;
  EXPECT_LT(after.memory_bytes, 48u << 20) << "a sanitizer's own memory included";
}

// Reclaim at the limit changes the same counters as running out of memory does.
TEST(BoxCgroup, PageCacheThatFitsByReclaimIsNotOutOfMemory) {
  BoxProcess box;
  NEEDS_LAYER(box, "memory-cgroup");
  RunSpec spec = shell("cat $(gcc -print-prog-name=cc1plus) | wc -c");
  spec.limits.memory_bytes = 16 << 20;
  spec.limits.cpu_time = spec.limits.wall_time = 60s;
  const Outcome outcome = box.run(spec);
  ASSERT_EQ(outcome.report.cause, Cause::exited) << outcome.report.detail << outcome.err;
  EXPECT_GT(std::stoull(outcome.out), spec.limits.memory_bytes);
}

// What a service or a host that is too small does to a run must not be held against the program.
TEST(BoxCgroup, MemoryThatRunsOutFurtherUpIsNotTheProgramsFault) {
  BoxProcess box;
  NEEDS_VERSION_2(box);
  std::ofstream(cgroups_of_box(box.pid()).front() + "/memory.max") << (64 << 20) << std::flush;
  RunSpec spec;
  spec.argv = {"python3", "-c", "x = b'x' * (100 << 20)"};
  spec.limits.memory_bytes = 512 << 20;
  const auto report = box.run(spec).report;
  EXPECT_EQ(report.cause, Cause::box_failure) << report.detail;
  std::ofstream(cgroups_of_box(box.pid()).front() + "/memory.max") << "max" << std::flush;
  EXPECT_EQ(box.run({"echo", "on"}).out, "on\n");
}

TEST(BoxCgroup, AsManyCoresAsAreAllowedAreUsed) {
  BoxProcess box({"--max-cores", "1"});
  NEEDS_LAYER(box, "cpu-quota");
  RunSpec spec = shell("for i in 1 2 3 4; do while :; do :; done & done; sleep 100");
  spec.limits.wall_time = 2s;
  const auto report = box.run(spec).report;
  EXPECT_EQ(report.cause, Cause::wall_time);
  EXPECT_LT(report.cpu_time, 1.3 * report.wall_time) << "a period of quota at either end";
}

TEST(BoxCgroup, OnlyTheNamedCpusAreUsed) {
  BoxProcess box({"--cpus", "0"});
  NEEDS_LAYER(box, "cpu-set");
  EXPECT_EQ(box.run({"nproc"}).out, "1\n");
}

// The command line refuses it before; what the kernel says has to be told all the same.
TEST(BoxCgroup, ACpuThatTheHostDoesNotHaveIsSaid) {
  const auto layers = make_cgroup({.cpus = "4095"})->layers();
  const auto set =
      std::find_if(layers.begin(), layers.end(), [](const Layer& layer) { return layer.name == "cpu-set"; });
  ASSERT_NE(set, layers.end());
  EXPECT_FALSE(set->active);
  EXPECT_NE(set->reason, "");
}

}  // namespace
}  // namespace rota::sandbox::test
