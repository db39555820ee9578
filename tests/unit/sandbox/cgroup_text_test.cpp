#include "sandbox/cgroup_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rota::sandbox {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kHybridCgroup =
    "9:name=systemd:/\n4:memory:/group/memory\n3:cpu,cpuacct:/group/cpu\n0::/group/unified\n";
constexpr std::string_view kHybridMounts =
    "25 1 0:22 / /sys rw - sysfs sysfs rw\n"
    "30 25 0:26 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory\n"
    "31 25 0:27 /docker/1 /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
    "32 25 0:28 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate\n";

TEST(CgroupPath, IsThatOfTheController) {
  EXPECT_EQ(path_in_hierarchy(kHybridCgroup, "memory"), "/group/memory");
  EXPECT_EQ(path_in_hierarchy(kHybridCgroup, "cpuacct"), "/group/cpu");
  EXPECT_EQ(path_in_hierarchy(kHybridCgroup, "cpu"), "/group/cpu");
  EXPECT_EQ(path_in_hierarchy(kHybridCgroup, kVersion2), "/group/unified");
}

TEST(CgroupPath, MayHoldColons) {
  EXPECT_EQ(path_in_hierarchy("0::/a:b:c\n", kVersion2), "/a:b:c");
}

TEST(CgroupPath, IsAbsentWhereTheHierarchyIs) {
  EXPECT_EQ(path_in_hierarchy(kHybridCgroup, "pids"), std::nullopt);
  EXPECT_EQ(path_in_hierarchy(kHybridCgroup, "mem"), std::nullopt);
  EXPECT_EQ(path_in_hierarchy("4:memory:/group\n", kVersion2), std::nullopt);
  EXPECT_EQ(path_in_hierarchy("", kVersion2), std::nullopt);
  EXPECT_EQ(path_in_hierarchy("nonsense\n:\n", "memory"), std::nullopt);
}

TEST(HierarchyMounts, AreFoundByTheirController) {
  EXPECT_THAT(find_hierarchy_mounts(kHybridMounts, "memory"),
              ElementsAre(HierarchyMount{"/", "/sys/fs/cgroup/memory"}));
  EXPECT_THAT(find_hierarchy_mounts(kHybridMounts, "cpuacct"),
              ElementsAre(HierarchyMount{"/docker/1", "/sys/fs/cgroup/cpu,cpuacct"}));
  EXPECT_THAT(find_hierarchy_mounts(kHybridMounts, "pids"), IsEmpty());
}

TEST(HierarchyMounts, OfVersionTwoAreToldByTheirType) {
  EXPECT_THAT(find_hierarchy_mounts(kHybridMounts, kVersion2),
              ElementsAre(HierarchyMount{"/", "/sys/fs/cgroup/unified"}));
}

TEST(HierarchyMounts, AreDecoded) {
  EXPECT_THAT(find_hierarchy_mounts("1 2 0:3 /a\\134b /my\\040cgroups\\04 rw - cgroup2 none rw\n", kVersion2),
              ElementsAre(HierarchyMount{"/a\\b", "/my cgroups\\04"}));
}

TEST(HierarchyMounts, IgnoreLinesThatAreCutShort) {
  EXPECT_THAT(find_hierarchy_mounts("1 2 0:3 / - cgroup2 none rw\n1 2 0:3 / /x rw - \nx\n", kVersion2),
              IsEmpty());
}

TEST(CgroupFolderPath, StandsBelowTheMount) {
  EXPECT_EQ(folder_of({"/", "/cg"}, "/"), "/cg");
  EXPECT_EQ(folder_of({"/", "/cg"}, "/a/b"), "/cg/a/b");
  EXPECT_EQ(folder_of({"/a", "/cg"}, "/a"), "/cg");
  EXPECT_EQ(folder_of({"/a", "/cg"}, "/a/b"), "/cg/b");
}

TEST(CgroupFolderPath, IsAbsentOutsideOfTheMountedPart) {
  EXPECT_EQ(folder_of({"/a", "/cg"}, "/b"), std::nullopt);
  EXPECT_EQ(folder_of({"/a", "/cg"}, "/ab"), std::nullopt);
  EXPECT_EQ(folder_of({"/a", "/cg"}, "/"), std::nullopt);
  EXPECT_EQ(folder_of({"/", "/cg"}, "/../other"), std::nullopt);
}

TEST(KeyedNumber, IsThatOfTheWholeKey) {
  constexpr std::string_view kEvents = "oom 1\noom_kill 22\noom_group_kill 3\n";
  EXPECT_EQ(keyed_number(kEvents, "oom"), 1u);
  EXPECT_EQ(keyed_number(kEvents, "oom_kill"), 22u);
  EXPECT_EQ(keyed_number(kEvents, "kill"), 0u);
  EXPECT_EQ(keyed_number(kEvents, "max"), 0u);
  EXPECT_EQ(keyed_number("max 18446744073709551615", "max"), UINT64_MAX);
}

TEST(KeyedNumber, IsZeroWhereThereIsNone) {
  EXPECT_EQ(keyed_number("", "max"), 0u);
  EXPECT_EQ(keyed_number("max\n", "max"), 0u);
  EXPECT_EQ(keyed_number("max many\n", "max"), 0u);
}

TEST(List, HasWholeWordsOnly) {
  EXPECT_TRUE(list_has("cpu,cpuacct", "cpuacct", ','));
  EXPECT_FALSE(list_has("cpu,cpuacct", "acct", ','));
  EXPECT_FALSE(list_has("", "cpu", ','));
}

}  // namespace
}  // namespace rota::sandbox
