#pragma once
// `rota-box self-test`: hostile programs in real boxes of this host. A node runs it before it takes its first
// job; ci/attacks runs it with the whole corpus.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sandbox/spec.hpp"

namespace rota::sandbox {

struct SelfTest {
  bool all = false;                   // otherwise the quick selection, a few seconds
  bool slow = false;                  // also those that take long by their nature
  bool alone = false;                 // a fresh box for each attack
  unsigned boxes = 1;                 // at once; more than one: in shuffled order
  std::optional<std::uint64_t> seed;  // of the shuffle
  bool json = false;
  std::string family;                  // only this one
  std::vector<std::string> names;      // only these, as family/name
  std::vector<std::string> box_flags;  // of `rota-box serve`
};

// Prints a line an attack and at the end "N contained, M not". Returns 0 only where all that could be tried
// were contained, at least one was, and nothing is left of the boxes; kNoAttackPrograms (layers.hpp) where the programs
// are not installed. Throws where a box cannot be started.
int test_self(const SelfTest& test);

// Whether the attack programs are installed. To be asked before the root changes.
Layer self_test_layer();

}  // namespace rota::sandbox
