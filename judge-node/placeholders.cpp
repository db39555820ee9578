#include "judge-node/placeholders.hpp"

#include <algorithm>
#include <optional>

namespace rota::node {
namespace {

struct Found {
  std::size_t begin;
  std::string_view text;  // with its braces
};

std::optional<Found> next_placeholder(std::string_view text, std::size_t from) {
  for (std::size_t begin = text.find('{', from); begin != std::string_view::npos;
       begin = text.find('{', begin + 1)) {
    std::size_t end = begin + 1;
    while (end < text.size() && text[end] >= 'a' && text[end] <= 'z') ++end;
    if (end < text.size() && text[end] == '}' && end > begin + 1)
      return Found{begin, text.substr(begin, end - begin + 1)};
  }
  return std::nullopt;
}

std::string expand_one(std::string_view text, const PlaceholderValues& values) {
  std::string result;
  std::size_t done = 0;
  while (const auto found = next_placeholder(text, done)) {
    result += text.substr(done, found->begin - done);
    if (found->text == kSourcePlaceholder) result += values.source;
    if (found->text == kOutputPlaceholder) result += values.output;
    done = found->begin + found->text.size();
  }
  return result.append(text.substr(done));
}

}  // namespace

std::vector<std::string> expand(const std::vector<std::string>& argv, const PlaceholderValues& values) {
  std::vector<std::string> result;
  for (const std::string& element : argv) {
    if (element == kArgumentsPlaceholder) {
      result.insert(result.end(), values.arguments.begin(), values.arguments.end());
    } else {
      result.push_back(expand_one(element, values));
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

bool mentions(const std::vector<std::string>& argv, std::string_view placeholder) {
  return std::any_of(argv.begin(), argv.end(), [&](const std::string& element) {
    const auto found = placeholders_in(element);
    return std::find(found.begin(), found.end(), placeholder) != found.end();
  });
}

}  // namespace rota::node
