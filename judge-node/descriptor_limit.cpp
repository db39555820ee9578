#include "judge-node/descriptor_limit.hpp"

#include <sys/resource.h>

#include <algorithm>

#include "base/check.hpp"

namespace rota::node {
namespace {

// More than a node can need, and bounds of what each costs in memory.
constexpr std::uint64_t kMaxConnections = 1024;
constexpr std::uint64_t kMaxCachedFiles = 4096;

}  // namespace

std::uint64_t raise_descriptor_limit() {
  rlimit limit{};
  check(::getrlimit(RLIMIT_NOFILE, &limit), "look at the limit of open files");
  limit.rlim_cur = limit.rlim_max;
  check(::setrlimit(RLIMIT_NOFILE, &limit), "raise the limit of open files");
  return limit.rlim_cur;
}

DescriptorShares shares_of(std::uint64_t limit) {
  return {.connections = std::min(limit / 4, kMaxConnections),
          .cached_files = std::min(limit / 4, kMaxCachedFiles)};
}

}  // namespace rota::node
