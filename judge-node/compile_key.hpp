#pragma once
// What makes two compiles the same: files with their names in /work, flags, the language's entry, and this host's toolchain.

#include <string>

#include "judge-node/job.hpp"

namespace rota::node {

// Lower-case hexadecimal SHA-256. The language must have a compile step. The
// toolchain counts by its version, by path, size and time of change of what each step's argv[0] leads to now, and by
// the host's list of packages: an upgrade of the compiler, of its libraries or of the linker is a miss.
std::string compile_key(const Job& job);

}  // namespace rota::node
