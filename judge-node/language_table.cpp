#include "judge-node/language_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "judge-node/language_reader.hpp"
#include "judge-node/limit_policy.hpp"
#include "protocol/error.hpp"

namespace rota::node {
namespace {

namespace fs = std::filesystem;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& letter : result) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return result;
}

// A set whose second insertion of the same text is an error.
// A set whose second insertion of the same text is an error.
class Taken {
 public:
  explicit Taken(std::string what) : what_(std::move(what)) {}

  void take(const std::string& text, const Language& language) {
    const auto [owner, is_new] = owners_.emplace(text, language.id);
    if (is_new) return;
    throw LanguageFileError(fmt::format("language {}: the {} '{}' is taken by language {} already",
                                        language.id, what_, text, owner->second));
  }

 private:
  std::string what_;
  std::map<std::string, std::string> owners_;
};

std::set<std::string> lower_names_of(const Language& language) {
  std::set<std::string> names{lower(language.name), lower(language.id)};
  for (const std::string& alias : language.aliases) names.insert(lower(alias));
  return names;
}

std::string_view extension_of(std::string_view file_name) {
  const std::size_t dot = file_name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : file_name.substr(dot + 1);
}

constexpr std::size_t kMaxFileBytes = 256 << 10;

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text(kMaxFileBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kMaxFileBytes)
    throw std::runtime_error(
        fmt::format("the language file {} is larger than {} bytes", file.string(), kMaxFileBytes));
  if (!stream.is_open() || stream.bad())
    throw std::runtime_error("cannot read the language file " + file.string());
  return text;
}

// By file name, the later one instead of the earlier.
void collect(const fs::path& path, std::map<std::string, fs::path>& files) {
  if (!fs::is_directory(path)) {
    files[path.filename()] = path;
    return;
  }
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.path().extension() == ".json") files[entry.path().filename()] = entry.path();
  }
}

std::string paths_text(const std::vector<fs::path>& paths) {
  std::string text;
  for (const fs::path& path : paths) text += (text.empty() ? "" : ", ") + path.string();
  return text;
}

std::string known_and_missing(const Language& language) {
  return fmt::format("{} is known here, but cannot be used: {}", language.name, language.toolchain.problem);
}

}  // namespace

LanguageTable::LanguageTable(std::vector<Language> languages) : languages_(std::move(languages)) {
  Taken names("name");
  Taken extensions("extension");
  for (const Language& language : languages_) {
    for (const std::string& name : lower_names_of(language)) names.take(name, language);
    for (const std::string& extension : language.extensions) extensions.take(extension, language);
  }
}

LanguageTable LanguageTable::load(const std::vector<fs::path>& paths) {
  std::map<std::string, fs::path> files;
  for (const fs::path& path : paths) collect(path, files);
  std::vector<Language> languages;
  for (const auto& [name, file] : files) {
    auto more = read_languages(content_of(file), file.string());
    std::move(more.begin(), more.end(), std::back_inserter(languages));
  }
  if (languages.empty())
    throw std::runtime_error(fmt::format("no language file (*.json) in {}", paths_text(paths)));
  return LanguageTable(std::move(languages));
}

void LanguageTable::clip_limits(const protocol::Limits& maxima) {
  const auto clip = [&](std::vector<CompileStep>& steps) {
    for (CompileStep& step : steps) step.limits = clipped(step.limits, maxima);
  };
  for (Language& language : languages_) {
    clip(language.compile);
    for (FastCompile& fast : language.fast_compile) clip(fast.steps);
    language.run.limits = clipped(language.run.limits, maxima);
  }
}

const Language& LanguageTable::find(std::string_view language, std::string_view file_name) const {
  const bool by_file = language.empty();
  const Language* found = by_file ? by_extension(file_name) : by_name(language);
  if (found != nullptr && found->toolchain.problem.empty()) return *found;
  throw protocol::ProtocolError(protocol::ErrorCode::unknown_value, by_file ? "file_name" : "language",
                                found != nullptr ? known_and_missing(*found) : unknown(language, file_name));
}

const Language* LanguageTable::known_by(std::string_view language_or_file) const {
  const Language* found = by_name(language_or_file);
  return found != nullptr ? found : by_extension(language_or_file);
}

std::string LanguageTable::unknown(std::string_view language, std::string_view file_name) const {
  const auto offered = fmt::to_string(fmt::join(names(), ", "));
  if (!language.empty()) return fmt::format("no language '{}' here; known: {}", language, offered);
  return fmt::format("no language is known by the name '{}'; name one of: {}", file_name, offered);
}

std::vector<std::string> LanguageTable::names() const {
  std::vector<std::string> names;
  for (const Language& language : languages_) {
    if (language.toolchain.problem.empty()) names.push_back(language.name);
  }
  return names;
}

std::vector<protocol::Toolchain> LanguageTable::toolchains() const {
  std::vector<protocol::Toolchain> toolchains;
  for (const Language& language : languages_) {
    const auto& [version, path, problem] = language.toolchain;
    if (problem.empty()) toolchains.push_back({language.name, version, path});
  }
  return toolchains;
}

std::vector<std::string> LanguageTable::accepted() const {
  std::set<std::string> accepted;
  for (const Language& language : languages_) {
    if (!language.toolchain.problem.empty()) continue;
    accepted.merge(lower_names_of(language));
    for (const std::string& extension : language.extensions) accepted.insert("." + lower(extension));
  }
  return {accepted.begin(), accepted.end()};
}

const Language* LanguageTable::by_name(std::string_view name) const {
  const std::string wanted = lower(name);
  const auto found = std::find_if(languages_.begin(), languages_.end(), [&](const Language& language) {
    return lower_names_of(language).contains(wanted);
  });
  return found == languages_.end() ? nullptr : &*found;
}

const Language* LanguageTable::by_extension(std::string_view file_name) const {
  const std::string_view extension = extension_of(file_name);
  const auto found = std::find_if(languages_.begin(), languages_.end(), [&](const Language& language) {
    const auto& own = language.extensions;
    return std::find(own.begin(), own.end(), extension) != own.end();
  });
  return found == languages_.end() ? nullptr : &*found;
}

}  // namespace rota::node
