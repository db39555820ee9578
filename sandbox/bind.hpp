#pragma once
// A part of the host that a box shows read-only, as --bind HOST[:BOX] names it.

#include <string>
#include <string_view>

namespace rota::sandbox {

struct Bind {
  std::string source;  // absolute, on the host
  std::string target;  // absolute, inside
};

// "HOST" or "HOST:BOX", both absolute, without "..", split at the first ':' that a '/' follows; without BOX it is
// shown at its own place. Throws std::invalid_argument for what is neither, for the whole of / on either side, and
// for a place that each run covers with its own: /work, /tmp, /proc, /dev and what is below them.
Bind parse_bind(std::string_view text);

}  // namespace rota::sandbox
