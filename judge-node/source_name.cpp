#include "judge-node/source_name.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "protocol/bounds.hpp"

namespace rota::node {
namespace {

constexpr std::size_t kMaxClassNameBytes = 100;

bool is_word(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
         byte == '_' || byte == '$' || byte >= 0x80;
}

// Words and single characters of a source, without comments and literals.
class Tokens {
 public:
  explicit Tokens(std::string_view rest) : rest_(rest) {}

  // Empty at the end.
  std::string_view next() {
    while (!rest_.empty() && skip_one()) continue;
    if (rest_.empty()) return {};
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_word);
    return take(std::max<std::size_t>(1, static_cast<std::size_t>(end - rest_.begin())));
  }

 private:
  bool skip_one() {
    if (rest_.starts_with("//")) return take_past("\n");
    if (rest_.starts_with("/*")) return take(2), take_past("*/");
    if (rest_.starts_with("\"\"\"")) return take(3), take_past("\"\"\"");
    if (rest_.front() == '"' || rest_.front() == '\'') return take_literal();
    if (static_cast<unsigned char>(rest_.front()) > ' ') return false;
    take(1);
    return true;
  }

  bool take_past(std::string_view end) {
    const auto at = rest_.find(end);
    take(at == std::string_view::npos ? rest_.size() : at + end.size());
    return true;
  }

  bool take_literal() {
    const char quote = rest_.front();
    std::size_t at = 1;
    while (at < rest_.size() && rest_[at] != quote && rest_[at] != '\n') at += rest_[at] == '\\' ? 2 : 1;
    take(std::min(at + 1, rest_.size()));
    return true;
  }

  std::string_view take(std::size_t size) {
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
};

bool declares_type(std::string_view word) {
  constexpr std::array<std::string_view, 4> kKinds{"class", "interface", "enum", "record"};
  return std::find(kKinds.begin(), kKinds.end(), word) != kKinds.end();
}

bool can_be_file_name(std::string_view name) {
  return !name.empty() && is_word(name.front()) && name.size() <= kMaxClassNameBytes;
}

struct TypeName {
  std::string name;
  bool is_public;
};

// Of the types that stand in no other. Between "public" and the type's kind may stand modifiers and annotations; what is in
// parentheses is part of the latter.
std::vector<TypeName> outer_types_of(std::string_view source) {
  Tokens tokens(source);
  std::vector<TypeName> types;
  int braces = 0, parentheses = 0;
  bool after_public = false;
  for (std::string_view word = tokens.next(); !word.empty(); word = tokens.next()) {
    if (word == "(") ++parentheses;
    if (word == ")") --parentheses;
    if (parentheses > 0) continue;
    if (word == "{") ++braces;
    if (word == "}") --braces;
    if (braces > 0 || word == "}" || word == ";") after_public = false;
    if (braces > 0) continue;
    if (word == "public") after_public = true;
    if (!declares_type(word)) continue;
    const auto name = tokens.next();
    if (can_be_file_name(name)) types.push_back({std::string(name), after_public});
    after_public = false;
  }
  return types;
}

}  // namespace

std::optional<std::string> class_of_file(std::string_view source, std::string_view submitted_stem) {
  const auto types = outer_types_of(source);
  for (const TypeName& type : types) {
    if (type.is_public) return type.name;
  }
  for (const TypeName& type : types) {
    if (type.name == submitted_stem) return type.name;
  }
  return std::nullopt;
}

std::string stem_of(std::string_view file_name) {
  return std::string(file_name.substr(0, file_name.rfind('.')));
}

std::string name_in_work(const SourceName& rule, std::string_view submitted, std::string_view source) {
  if (!rule.fixed.empty()) return rule.fixed;
  if (rule.public_class_suffix.empty()) return std::string(submitted);
  return class_of_file(source, stem_of(submitted)).value_or(rule.default_class) + rule.public_class_suffix;
}

}  // namespace rota::node
