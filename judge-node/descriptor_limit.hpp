#pragma once
// How many descriptors the node may have open, and what it spends them on. Connections and the files of
// cached programs stay open while nobody needs them, so each has a share; the rest is for the work itself:
// boxes, the files of the jobs in them, logs. Without descriptors none of that can be had.

#include <cstddef>
#include <cstdint>

namespace rota::node {

struct DescriptorShares {
  std::size_t connections;
  std::size_t cached_files;
};

// At most a quarter of the limit each.
DescriptorShares shares_of(std::uint64_t limit);

}  // namespace rota::node
