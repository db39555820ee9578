#pragma once
// One hostile program of the corpus: what the head of its source says about how it is run, and what must come
// of it. tests/attacks/README.md gives the format.

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/spec.hpp"

namespace rota::sandbox {

using Settings = std::map<std::string, std::string, std::less<>>;

struct Attack {
  std::string family, name;
  std::filesystem::path source;
  std::vector<std::string> command;  // for a script or a source that is compiled inside; empty: built already
  std::vector<std::string> outputs;
  std::vector<std::string> needs;  // layers without which the outcome is another
  protocol::Limits limits;
  Settings expected;              // of its only run, or of the second
  std::optional<Settings> first;  // where there are two runs: of the first
  bool in_self_test = false;      // part of the quick selection
  bool slow = false;              // left to ci/attacks

  std::string id() const { return family + "/" + name; }
};

// Throws std::runtime_error, with the file's name, for a head that says what is not understood.
Attack read_attack(const std::filesystem::path& source);

// All below the folder, one level of families, ordered by family and name. Throws as read_attack does.
std::vector<Attack> read_attacks(const std::filesystem::path& folder);

}  // namespace rota::sandbox
