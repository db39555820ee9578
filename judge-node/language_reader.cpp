#include "judge-node/language_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "judge-node/json_lines.hpp"
#include "judge-node/key_reader.hpp"
#include "judge-node/placeholders.hpp"
#include "judge-node/step_reader.hpp"
#include "protocol/bounds.hpp"
#include "protocol/error.hpp"
#include "protocol/file_name.hpp"
#include "sandbox/bind.hpp"

namespace rota::node {
namespace {

using nlohmann::json;

bool is_id(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.';
  };
  return !text.empty() && text.size() <= protocol::kMaxLanguageBytes &&
         std::all_of(text.begin(), text.end(), fits);
}

constexpr std::size_t kMaxTextBytes = 64 << 10;

// In every text below a value: its own placeholders.
void fill_in(json& part, const std::string& placeholder, const std::string& value) {
  if (part.is_structured()) {
    for (json& inner : part) fill_in(inner, placeholder, value);
  } else if (part.is_string()) {
    auto& text = part.get_ref<std::string&>();
    for (auto at = text.find(placeholder); at != std::string::npos;
         at = text.find(placeholder, at + value.size()))
      text.replace(at, placeholder.size(), value);
    if (text.size() > kMaxTextBytes) throw KeyError("values", "fill a text with more than 64 KiB");
  }
}

// "values" gives placeholders of the file's own: they are filled in before anything is read.
json with_values(json entry) {
  const auto values = entry.is_object() ? entry.find("values") : entry.end();
  if (values == entry.end()) return entry;
  if (!values->is_object()) throw KeyError("values", "an object of strings is expected here");
  const json texts = *values;
  entry.erase(values);
  for (const auto& [name, value] : texts.items()) {
    if (!value.is_string()) throw KeyError("values." + name, "a string is expected here");
    fill_in(entry, "{" + name + "}", value.get<std::string>());
  }
  return entry;
}

std::vector<std::string> read_mounts(KeyReader& reader) {
  std::vector<std::string> mounts = reader.texts("mounts");
  for (std::size_t i = 0; i < mounts.size(); ++i) {
    try {
      sandbox::parse_bind(std::string_view(mounts[i]).substr(mounts[i].starts_with('?') ? 1 : 0));
    } catch (const std::invalid_argument& problem) {
      throw KeyError(fmt::format("{}[{}]", reader.path_of("mounts"), i), problem.what());
    }
  }
  return mounts;
}

SourceName read_source_name(KeyReader& reader) {
  if (reader.holds_text("source_name"))
    return {.fixed = reader.text("source_name"), .public_class_suffix = {}, .default_class = {}};
  auto rule = reader.object("source_name");
  if (!rule) return {};
  SourceName name{
      .fixed = {}, .public_class_suffix = rule->text("public_class"), .default_class = rule->text("default")};
  rule->finish();
  return name;
}

void require_path(const std::string& name, const std::string& path) {
  try {
    protocol::require_valid_file_path(name, path);
  } catch (const protocol::ProtocolError& error) {
    throw KeyError(path, error.what());
  }
}

std::map<std::string, std::string> read_warm_up_files(std::optional<KeyReader> reader) {
  std::map<std::string, std::string> files;
  if (!reader) return files;
  for (const std::string& name : reader->keys()) {
    require_path(name, reader->path_of(name));
    files.emplace(name, reader->text_or_lines(name));
  }
  return files;
}

std::vector<WarmUp> read_warm_ups(KeyReader& language) {
  std::vector<WarmUp> warm_ups;
  for (KeyReader& reader : language.objects("warm_ups")) {
    WarmUp warm_up;
    warm_up.id = reader.text("id");
    if (!is_id(warm_up.id)) throw KeyError(reader.path_of("id"), "is not of a-z, 0-9, '-', '+', '.'");
    warm_up.files = read_warm_up_files(reader.object("files"));
    warm_up.steps = read_warm_up_steps(reader);
    if (warm_up.steps.empty()) throw KeyError(reader.path_of("compile"), "is missing");
    reader.finish();
    warm_ups.push_back(std::move(warm_up));
  }
  return warm_ups;
}

std::vector<FastCompile> read_fast_compiles(KeyReader& language, const Language& so_far) {
  std::vector<FastCompile> ways;
  for (KeyReader& reader : language.objects("fast_compile")) {
    FastCompile way;
    way.warm_up = reader.optional_text("warm_up").value_or("");
    way.needs = reader.texts("needs");
    way.includes = reader.texts("includes");
    way.steps = read_fast_steps(reader);
    reader.finish();
    const auto& known = so_far.warm_ups;
    if (!way.warm_up.empty() &&
        std::none_of(known.begin(), known.end(), [&](const WarmUp& w) { return w.id == way.warm_up; }))
      throw KeyError(reader.path_of("warm_up"), "no entry of warm_ups has this id");
    if (way.steps.empty() || way.steps.back().outputs != so_far.outputs())
      throw KeyError(reader.path_of("compile"),
                     "must end with the outputs that the language's own compile has");
    ways.push_back(std::move(way));
  }
  return ways;
}

// Flags that no step takes would be taken from the submission and lost.
void require_place_for_flags(const Language& language, const KeyReader& reader) {
  const auto takes = [&](std::string_view placeholder) {
    return std::any_of(language.compile.begin(), language.compile.end(),
                       [&](const CompileStep& step) { return mentions(step.argv, placeholder); });
  };
  if (!language.compile_flags.empty() && !takes(placeholder::kFlags))
    throw KeyError(reader.path_of("compile_flags"), "no step of compile has {flags} in its argv");
  if (!language.link_flags.empty() && !takes(placeholder::kLinkFlags))
    throw KeyError(reader.path_of("link_flags"), "no step of compile has {link_flags} in its argv");
}

Language read_language(const json& entry, std::string id) {
  const json filled = with_values(entry);
  KeyReader reader(filled, "");
  Language language;
  language.id = std::move(id);
  language.name = reader.text("name");
  language.aliases = reader.texts("aliases");
  language.extensions = reader.texts("extensions");
  language.packages = reader.texts("packages");
  language.version = reader.texts("version");
  language.mounts = read_mounts(reader);
  language.source_name = read_source_name(reader);
  language.compile_flags = reader.texts("compile_flags");
  language.link_flags = reader.texts("link_flags");
  language.compile = read_compile_steps(reader);
  require_place_for_flags(language, reader);
  language.warm_ups = read_warm_ups(reader);
  language.fast_compile = read_fast_compiles(reader, language);
  language.run = read_run_step(reader.required_object("run"), !language.outputs().empty());
  reader.finish();
  return language;
}

// A variant is a merge patch (RFC 7396) of its file's language, which takes over all but names and extensions.
json variant_of(json entry, const json& patch) {
  for (const char* own : {"aliases", "extensions"}) entry.erase(own);
  entry.merge_patch(patch);
  entry.erase("id");
  return entry;
}

class Document {
 public:
  Document(std::string_view text, std::string file_name) : text_(text), file_name_(std::move(file_name)) {}

  std::vector<Language> languages() {
    json entry = text_.value();
    json variants = json::array();
    if (entry.is_object() && entry.contains("variants")) {
      variants = entry["variants"];
      entry.erase("variants");
    }
    std::vector<Language> languages{read(entry, std::filesystem::path(file_name_).stem(), "")};
    if (!variants.is_array()) refuse("variants", "a list is expected here");
    for (std::size_t i = 0; i < variants.size(); ++i)
      languages.push_back(read_variant(entry, variants[i], fmt::format("variants[{}]", i)));
    return languages;
  }

 private:
  Language read_variant(const json& entry, const json& patch, const std::string& path) {
    if (!patch.is_object()) refuse(path, "an object is expected here");
    if (!patch.contains("id") || !patch["id"].is_string()) refuse(path, "id: a string is expected here");
    return read(variant_of(entry, patch), patch["id"].get<std::string>(), path);
  }

  // where: the variant's path; its keys may come from there or from the language itself.
  Language read(const json& entry, const std::string& id, const std::string& where) {
    if (!is_id(id))
      refuse(where,
             fmt::format("the id '{}' (for a file: its name) is not 1 to {} of a-z, 0-9, '-', '+', '.'", id,
                         protocol::kMaxLanguageBytes));
    try {
      return read_language(entry, id);
    } catch (const KeyError& error) {
      refuse(where.empty() ? error.path() : where, error.what());
    }
  }

  [[noreturn]] void refuse(const std::string& path, const std::string& message) {
    throw LanguageFileError(fmt::format("{}:{}: {}", file_name_, text_.line_of(path), message));
  }

  JsonText text_;
  std::string file_name_;
};

}  // namespace

std::vector<Language> read_languages(std::string_view text, const std::string& file_name) {
  try {
    return Document(text, file_name).languages();
  } catch (const JsonTextError& error) {
    throw LanguageFileError(fmt::format("{}:{}", file_name, error.what()));
  }
}

}  // namespace rota::node
