#pragma once
// What the kernel writes about cgroups, taken apart: /proc/self/cgroup, /proc/self/mountinfo, and the small files of a
// cgroup itself. Pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rota::sandbox {

// The one hierarchy of version 2, wherever a controller of version 1 is asked for.
inline constexpr std::string_view kVersion2;

// Which part of a hierarchy is mounted, and where (proc(5), mountinfo).
struct HierarchyMount {
  std::string root, point;
  bool operator==(const HierarchyMount&) const = default;
};

// A process's path in the hierarchy of a version 1 controller, or kVersion2, from the lines of /proc/PID/cgroup.
std::optional<std::string> path_in_hierarchy(std::string_view lines, std::string_view controller);

// Every mount of that hierarchy, from the lines of /proc/PID/mountinfo.
std::vector<HierarchyMount> find_hierarchy_mounts(std::string_view lines, std::string_view controller);

// The folder that shows the cgroup of this path; nullopt where it is not below the mounted part.
std::optional<std::string> folder_of(const HierarchyMount& mount, std::string_view path);

// The number at the beginning; 0 where there is none.
std::uint64_t parse_number(std::string_view text);

// The number after "key " at the beginning of a line; 0 where there is none.
std::uint64_t keyed_number(std::string_view text, std::string_view key);

bool list_has(std::string_view list, std::string_view word, char separator);

}  // namespace rota::sandbox
