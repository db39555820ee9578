#pragma once
// Reads one JSON object key by key, keeping the path for messages; finish() refuses keys that nobody asked
// for. Internal to language_reader.cpp.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace rota::node {

// what() is "KEY PATH: MESSAGE".
class KeyError : public std::runtime_error {
 public:
  KeyError(const std::string& path, const std::string& message)
      : std::runtime_error((path.empty() ? "top level" : path) + ": " + message), path_(path) {}

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class KeyReader {
 public:
  // Throws KeyError unless value is an object.
  KeyReader(const nlohmann::json& value, std::string path);

  std::string path_of(const std::string& key) const;

  std::string text(const std::string& key);  // required, not empty
  std::optional<std::string> optional_text(const std::string& key);
  std::string text_or_lines(const std::string& key);        // required; a list of strings is so many lines
  bool holds_text(const std::string& key);                  // the key is there, and a string
  std::vector<std::string> texts(const std::string& key);   // a list of strings; empty where absent
  std::optional<KeyReader> object(const std::string& key);  // absent: nullopt
  KeyReader required_object(const std::string& key);
  std::vector<KeyReader> objects(
      const std::string& key);  // a list of objects, or one on its own; empty where absent

  std::vector<std::string> keys() const;

  bool flag(const std::string& key);  // absent: false

  // From minimum to maximum, both included; absent: nullopt.
  std::optional<std::uint64_t> number(const std::string& key, std::uint64_t minimum, std::uint64_t maximum);

  // Throws KeyError where the object has a key that none of the above was asked for.
  void finish() const;

 private:
  const nlohmann::json* find(const std::string& key);
  const nlohmann::json& require(const std::string& key);

  const nlohmann::json* value_;
  std::string path_;
  std::set<std::string> known_;
};

}  // namespace rota::node
