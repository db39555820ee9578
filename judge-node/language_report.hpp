#pragma once
// What `rota-node --check` prints.

#include <string>

#include "judge-node/language_table.hpp"

namespace rota::node {

// A line a language: id, name, version and program, or what is missing and which packages bring it; then a line that
// counts.
std::string language_report(const LanguageTable& languages);

}  // namespace rota::node
