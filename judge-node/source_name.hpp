#pragma once
// What a source is called in /work.

#include <optional>
#include <string>
#include <string_view>

#include "judge-node/language.hpp"

namespace rota::node {

// submitted: the submission's own file name, which holds where the language has no rule.
std::string name_in_work(const SourceName& rule, std::string_view submitted, std::string_view source);

// The name of the class, interface, record or enum that a Java source declares public; nullopt where there is none, or
// where it could not be a file's name. Comments, strings and character literals are passed over.
std::optional<std::string> public_class_of(std::string_view source);

// "Main" of "Main.java": without the last extension.
std::string stem_of(std::string_view file_name);

}  // namespace rota::node
