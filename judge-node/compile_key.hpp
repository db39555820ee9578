#pragma once
// What makes two compiles the same: file name, source, the language's entry, and this host's compiler.

#include <string>
#include <string_view>

#include "judge-node/language.hpp"

namespace rota::node {

// Lower-case hexadecimal SHA-256. The language must have a compile step. The compiler counts by path, size
// and time of change of what argv[0] leads to now, so that an upgraded one is a miss.
std::string compile_key(const Language& language, std::string_view file_name, std::string_view source);

}  // namespace rota::node
