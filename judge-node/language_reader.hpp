#pragma once
// Reads the language table's JSON text. Strict: an unknown key, a wrong type, an unknown placeholder, a name
// taken twice are errors that name the file, the place, and what is expected there.

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "judge-node/language.hpp"

namespace rota::node {

// what() is "FILE: KEY PATH: MESSAGE", or "FILE:LINE: MESSAGE" where the text is not JSON.
class LanguageFileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// text is the content of the file, {"languages": […]}; file_name is for messages. Throws LanguageFileError.
std::vector<Language> read_languages(std::string_view text, const std::string& file_name);

}  // namespace rota::node
