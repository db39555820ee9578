#include "judge-node/language_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "judge-node/language_reader.hpp"
#include "judge-node/limit_policy.hpp"
#include "protocol/error.hpp"

namespace rota::node {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& letter : result) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return result;
}

// A set whose second insertion of the same text is an error.
class Taken {
 public:
  Taken(std::string what, const std::string& origin) : what_(std::move(what)), origin_(origin) {}

  void take(const std::string& text, const Language& language) {
    if (taken_.insert(text).second) return;
    throw LanguageFileError(
        fmt::format("{}: language {}: the {} '{}' is taken already", origin_, language.name, what_, text));
  }

 private:
  std::string what_;
  const std::string& origin_;
  std::set<std::string> taken_;
};

std::set<std::string> lower_names_of(const Language& language) {
  std::set<std::string> names{lower(language.name)};
  for (const std::string& alias : language.aliases) names.insert(lower(alias));
  return names;
}

std::string_view extension_of(std::string_view file_name) {
  const std::size_t dot = file_name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : file_name.substr(dot + 1);
}

}  // namespace

LanguageTable::LanguageTable(std::vector<Language> languages, const std::string& origin)
    : languages_(std::move(languages)) {
  Taken names("name", origin);
  Taken extensions("extension", origin);
  for (const Language& language : languages_) {
    for (const std::string& name : lower_names_of(language)) names.take(name, language);
    for (const std::string& extension : language.extensions) extensions.take(extension, language);
  }
}

LanguageTable LanguageTable::load(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  if (!stream.is_open() || stream.bad())
    throw std::runtime_error("cannot read the language table " + file.string());
  return {read_languages(text, file.string()), file.string()};
}

void LanguageTable::clip_limits(const protocol::Limits& maxima) {
  for (Language& language : languages_) {
    if (language.compile) language.compile->limits = clipped(language.compile->limits, maxima);
    language.run.limits = clipped(language.run.limits, maxima);
  }
}

const Language& LanguageTable::find(std::string_view language, std::string_view file_name) const {
  return language.empty() ? by_extension(file_name) : by_name(language);
}

std::vector<std::string> LanguageTable::names() const {
  std::vector<std::string> names;
  for (const Language& language : languages_) names.push_back(language.name);
  return names;
}

const Language& LanguageTable::by_name(std::string_view name) const {
  const std::string wanted = lower(name);
  for (const Language& language : languages_) {
    if (lower_names_of(language).contains(wanted)) return language;
  }
  throw protocol::ProtocolError(
      protocol::ErrorCode::unknown_value, "language",
      fmt::format("no language '{}' here; known: {}", name, fmt::join(names(), ", ")));
}

const Language& LanguageTable::by_extension(std::string_view file_name) const {
  const std::string_view extension = extension_of(file_name);
  for (const Language& language : languages_) {
    const auto& own = language.extensions;
    if (std::find(own.begin(), own.end(), extension) != own.end()) return language;
  }
  throw protocol::ProtocolError(protocol::ErrorCode::unknown_value, "file_name",
                                fmt::format("no language is known by the name '{}'; name one of: {}",
                                            file_name, fmt::join(names(), ", ")));
}

}  // namespace rota::node
