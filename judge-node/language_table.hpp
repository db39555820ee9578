#pragma once
// The languages that this node takes, and which of them a submission means.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "judge-node/language.hpp"
#include "protocol/packets.hpp"

namespace rota::node {

class LanguageTable {
 public:
  // Throws LanguageFileError where two languages share an id, name, alias or extension.
  explicit LanguageTable(std::vector<Language> languages);

  // The files *.json of the folders, in the order of their names; one of a later folder stands in place of the one that
  // has its name in an earlier. A path may also be a file. Throws LanguageFileError, or std::runtime_error where
  // something cannot be read or there is no language at all.
  static LanguageTable load(const std::vector<std::filesystem::path>& paths);

  // The node's maxima hold for compilers and for defaults as well.
  void clip_limits(const protocol::Limits& maxima);

  // By id, name or alias (case does not count) where `language` is given, else by the file name's extension.
  // Throws ProtocolError{unknown_value} that lists what is offered, or says what is to be installed. The reference
  // lives as long as the table.
  const Language& find(std::string_view language, std::string_view file_name) const;

  // Offered or not; nullptr: none has this name, or the extension of a file of this name.
  const Language* known_by(std::string_view language_or_file) const;

  // Of those that are offered.
  std::vector<std::string> names() const;
  std::vector<protocol::Toolchain> toolchains() const;
  // Every id, name, alias and extension (with its dot) by which find() would take one of them; lower case, sorted.
  std::vector<std::string> accepted() const;

  std::vector<Language>& all() { return languages_; }
  const std::vector<Language>& all() const { return languages_; }

 private:
  std::string unknown(std::string_view language, std::string_view file_name) const;
  const Language* by_name(std::string_view name) const;
  const Language* by_extension(std::string_view file_name) const;

  std::vector<Language> languages_;
};

}  // namespace rota::node
