#pragma once
// Reads one file of the language table. Strict: an unknown key, a wrong type, an unknown placeholder are errors that
// name the file, the line, the key, and what is expected there.

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "judge-node/language.hpp"

namespace rota::node {

// what() is "FILE:LINE: KEY PATH: MESSAGE", or "FILE:LINE: MESSAGE" where the text is not JSON.
class LanguageFileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The language of the file and its variants, the former first. text is the file's content; file_name ("c.json") gives
// the language its id, and stands in messages. Throws LanguageFileError.
std::vector<Language> read_languages(std::string_view text, const std::string& file_name);

}  // namespace rota::node
