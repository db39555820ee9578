#pragma once
// The last step of a C++ compile, apart from the rest of it: an object file is linked in a box, by mold and by the usual linker.

#include "bench/support/report.hpp"

namespace rota::bench {

// The source is compiled once, outside of the box; then both link the same object in turns, through g++, as wall time of the
// run in the box. Throws std::runtime_error where something fails.
Row measure_link(const std::string& source, int runs);

}  // namespace rota::bench
