#include "judge-node/key_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rota::node {

KeyReader::KeyReader(const nlohmann::json& value, std::string path) : value_(&value), path_(std::move(path)) {
  if (!value.is_object()) throw KeyError(path_, "an object is expected here");
}

std::string KeyReader::path_of(const std::string& key) const {
  return path_.empty() ? key : path_ + "." + key;
}

std::string KeyReader::text(const std::string& key) {
  const nlohmann::json& value = require(key);
  if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
    throw KeyError(path_of(key), "a string that is not empty is expected here");
  }
  return value.get<std::string>();
}

std::optional<std::string> KeyReader::optional_text(const std::string& key) {
  if (find(key) == nullptr) return std::nullopt;
  return text(key);
}

std::string KeyReader::text_or_lines(const std::string& key) {
  if (holds_text(key)) return text(key);
  std::string text;
  for (const std::string& line : texts(key)) text += line + "\n";
  if (text.empty()) throw KeyError(path_of(key), "a string or a list of lines is expected here");
  return text;
}

bool KeyReader::holds_text(const std::string& key) {
  const nlohmann::json* value = find(key);
  return value != nullptr && value->is_string();
}

std::vector<std::string> KeyReader::texts(const std::string& key) {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return {};
  if (!value->is_array()) throw KeyError(path_of(key), "a list of strings is expected here");
  std::vector<std::string> texts;
  for (const nlohmann::json& entry : *value) {
    if (!entry.is_string()) {
      throw KeyError(fmt::format("{}[{}]", path_of(key), texts.size()), "a string is expected here");
    }
    texts.push_back(entry.get<std::string>());
  }
  return texts;
}

std::optional<KeyReader> KeyReader::object(const std::string& key) {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return std::nullopt;
  return KeyReader(*value, path_of(key));
}

KeyReader KeyReader::required_object(const std::string& key) {
  return {require(key), path_of(key)};
}

std::vector<KeyReader> KeyReader::objects(const std::string& key) {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return {};
  std::vector<KeyReader> readers;
  if (!value->is_array()) {
    readers.emplace_back(*value, path_of(key));
    return readers;
  }
  for (const nlohmann::json& entry : *value)
    readers.emplace_back(entry, fmt::format("{}[{}]", path_of(key), readers.size()));
  return readers;
}

bool KeyReader::flag(const std::string& key) {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return false;
  if (!value->is_boolean()) throw KeyError(path_of(key), "true or false is expected here");
  return value->get<bool>();
}

std::vector<std::string> KeyReader::keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, value] : value_->items()) keys.push_back(key);
  return keys;
}

std::optional<std::uint64_t> KeyReader::number(const std::string& key, std::uint64_t minimum,
                                               std::uint64_t maximum) {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number_unsigned() || value->get<std::uint64_t>() < minimum ||
      value->get<std::uint64_t>() > maximum) {
    throw KeyError(path_of(key),
                   fmt::format("a whole number from {} to {} is expected here", minimum, maximum));
  }
  return value->get<std::uint64_t>();
}

void KeyReader::finish() const {
  for (const auto& [key, value] : value_->items()) {
    if (known_.contains(key)) continue;
    throw KeyError(path_of(key), fmt::format("unknown key; known here: {}", fmt::join(known_, ", ")));
  }
}

const nlohmann::json* KeyReader::find(const std::string& key) {
  known_.insert(key);
  const auto found = value_->find(key);
  return found == value_->end() ? nullptr : &*found;
}

const nlohmann::json& KeyReader::require(const std::string& key) {
  const nlohmann::json* value = find(key);
  if (value == nullptr) throw KeyError(path_of(key), "is missing");
  return *value;
}

}  // namespace rota::node
