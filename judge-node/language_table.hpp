#pragma once
// The languages that this node takes, and which of them a submission means.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "judge-node/language.hpp"

namespace rota::node {

class LanguageTable {
 public:
  // Throws LanguageFileError where two languages share a name, alias or extension; origin is for the message.
  LanguageTable(std::vector<Language> languages, const std::string& origin);

  // Throws LanguageFileError, or std::runtime_error where the file cannot be read.
  static LanguageTable load(const std::filesystem::path& file);

  // The node's maxima hold for compilers and for defaults as well.
  void clip_limits(const protocol::Limits& maxima);

  // By name or alias (case does not count) where `language` is given, else by the file name's extension.
  // Throws ProtocolError{unknown_value} that lists what is known. The reference lives as long as the table.
  const Language& find(std::string_view language, std::string_view file_name) const;

  // In the file's order.
  std::vector<std::string> names() const;

 private:
  const Language& by_name(std::string_view name) const;
  const Language& by_extension(std::string_view file_name) const;

  std::vector<Language> languages_;
};

}  // namespace rota::node
