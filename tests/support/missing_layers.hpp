#pragma once
// Tests also run on hosts without cgroups that we can use: those that need them say there that they are skipped.

#include <string>
#include <vector>

namespace rota::test {

// For boxes and nodes, which would refuse.
inline std::vector<std::string> allow_missing_cgroups() {
  return {"--allow-missing", "memory-cgroup",   "--allow-missing",
          "pids-cgroup",     "--allow-missing", "cpu-cgroup"};
}

// `first`, then those.
inline std::vector<std::string> also_without_cgroups(std::vector<std::string> first) {
  for (auto& flag : allow_missing_cgroups()) first.push_back(flag);
  return first;
}

}  // namespace rota::test
