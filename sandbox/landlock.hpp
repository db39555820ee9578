#pragma once
// Landlock, the second wall: what a run's processes may still do where a namespace or the filter has a hole. Files
// only beneath the box's root, no TCP, and no signals to or abstract sockets of processes outside of the run. Each
// payload enters a domain of its own, after the run's mounts are made: a landlocked process cannot mount.
// See landlock(7) and the kernel's Documentation/userspace-api/landlock.rst.

#include <cstddef>
#include <cstdint>

#include "base/unique_fd.hpp"
#include "sandbox/spec.hpp"

namespace rota::sandbox {

struct LandlockRuleset {
  UniqueFd fd;  // none where the kernel gives us no Landlock
  // What it said instead: ENOSYS where it was built without, EOPNOTSUPP where Landlock was switched off at boot.
  int error = 0;
  int abi = 0;
  std::uint32_t restrict_flags = 0;  // for landlock_restrict_self(2)
};

// struct landlock_ruleset_attr as newer kernels know it; the headers of Debian 12 stop at the first field.
struct RulesetAttributes {
  std::uint64_t file_access = 0;
  std::uint64_t network_access = 0;
  std::uint64_t scopes = 0;
};

// What a kernel with this version of the interface (1 or more) can be asked to refuse, and how much of the structure it
// knows: older ones refuse a tail that they do not know.
RulesetAttributes attributes_for(int abi);
std::size_t size_for(int abi);

// To be made within the box's root. Throws std::system_error where a kernel that has Landlock refuses.
LandlockRuleset make_landlock_ruleset();

Layer landlock_layer(const LandlockRuleset& ruleset);

}  // namespace rota::sandbox
