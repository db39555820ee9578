#pragma once
// The name of a preparation's folder.

#include <string>

#include "judge-node/language.hpp"

namespace rota::node {

// "cpp.bits.DIGEST", of all that the preparation is made of, and by.
std::string warm_up_key(const Language& language, const WarmUp& warm_up);

}  // namespace rota::node
