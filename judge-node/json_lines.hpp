#pragma once
// JSON text as a value, with the line that each part of it stands on: messages about a file can name both key and line.

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rota::node {

// what() is "LINE: MESSAGE"; lines count from 1.
class JsonTextError : public std::runtime_error {
 public:
  JsonTextError(std::size_t line, const std::string& message)
      : std::runtime_error(std::to_string(line) + ": " + message) {}
};

class JsonText {
 public:
  // Throws JsonTextError where the text is not JSON, or an object has a key twice.
  explicit JsonText(std::string_view text);

  const nlohmann::json& value() const { return value_; }

  // Of a path as KeyReader writes it, "compile[0].argv[2]"; of a part that is not there the line of what would hold it.
  std::size_t line_of(std::string path) const;

 private:
  nlohmann::json value_;
  std::map<std::string, std::size_t> lines_;
};

}  // namespace rota::node
