#pragma once
// What a source is called in /work.

#include <optional>
#include <string>
#include <string_view>

#include "judge-node/language.hpp"

namespace rota::node {

// submitted: the submission's own file name, which holds where the language has no rule.
std::string name_in_work(const SourceName& rule, std::string_view submitted, std::string_view source);

// The class, interface, record or enum that a Java source's file must be named by: the one that is declared public outside
// of all others, else the one of the submitted name; nullopt where there is neither. Comments, strings and character
// literals are passed over.
std::optional<std::string> class_of_file(std::string_view source, std::string_view submitted_stem);

// "Main" of "Main.java": without the last extension.
std::string stem_of(std::string_view file_name);

}  // namespace rota::node
