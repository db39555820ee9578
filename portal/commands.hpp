#pragma once
// The commands of rota-portal beside being the portal: `rota-portal init`, `rota-portal token add|list|revoke`. What they
// print may be read by others; a token is printed only where it is asked for.

#include <optional>

namespace rota::portal {

// Carries out the command that argv[1] names, and returns the status to exit with; nullopt: it names none.
std::optional<int> run_command(int argc, const char* const* argv);

}  // namespace rota::portal
