#include "judge-node/descriptor_limit.hpp"

#include <algorithm>

namespace rota::node {
namespace {

// More than a node can need, and bounds of what each costs in memory.
constexpr std::uint64_t kMaxConnections = 1024;
constexpr std::uint64_t kMaxCachedFiles = 4096;

}  // namespace

DescriptorShares shares_of(std::uint64_t limit) {
  return {.connections = std::min(limit / 4, kMaxConnections),
          .cached_files = std::min(limit / 4, kMaxCachedFiles)};
}

}  // namespace rota::node
