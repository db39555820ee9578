#include "judge-node/placeholders.hpp"

#include <algorithm>
#include <optional>

namespace rota::node {
namespace {

struct Found {
  std::size_t begin;
  std::string_view text;  // with its braces
};

bool is_letter(char character) {
  return character >= 'a' && character <= 'z';
}

bool is_word(char character) {
  return is_letter(character) || (character >= '0' && character <= '9') || character == '_';
}

std::optional<Found> next_placeholder(std::string_view text, std::size_t from) {
  for (std::size_t begin = text.find('{', from); begin != std::string_view::npos;
       begin = text.find('{', begin + 1)) {
    std::size_t end = begin + 1;
    while (end < text.size() && is_word(text[end])) ++end;
    if (end < text.size() && text[end] == '}' && is_letter(text[begin + 1]))
      return Found{begin, text.substr(begin, end - begin + 1)};
  }
  return std::nullopt;
}

std::string expand_one(std::string_view text, const PlaceholderValues& values) {
  std::string result;
  std::size_t done = 0;
  while (const auto found = next_placeholder(text, done)) {
    result += text.substr(done, found->begin - done);
    if (const auto value = values.texts.find(found->text); value != values.texts.end())
      result += value->second;
    done = found->begin + found->text.size();
  }
  return result.append(text.substr(done));
}

}  // namespace

bool is_list(std::string_view name) {
  return name == placeholder::kArguments || name == placeholder::kSources || name == placeholder::kFlags ||
         name == placeholder::kLinkFlags;
}

std::vector<std::string> expand(const std::vector<std::string>& texts, const PlaceholderValues& values) {
  std::vector<std::string> result;
  for (const std::string& text : texts) {
    if (!is_list(text)) {
      result.push_back(expand_one(text, values));
    } else if (const auto list = values.lists.find(text); list != values.lists.end()) {
      result.insert(result.end(), list->second.begin(), list->second.end());
    }
  }
  return result;
}

std::vector<std::string> placeholders_in(std::string_view text) {
  std::vector<std::string> found;
  std::size_t done = 0;
  while (const auto next = next_placeholder(text, done)) {
    found.emplace_back(next->text);
    done = next->begin + next->text.size();
  }
  return found;
}

bool mentions(const std::vector<std::string>& texts, std::string_view placeholder) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
    const auto found = placeholders_in(text);
    return std::find(found.begin(), found.end(), placeholder) != found.end();
  });
}

}  // namespace rota::node
