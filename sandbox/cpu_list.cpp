#include "sandbox/cpu_list.hpp"

#include <charconv>
#include <optional>

namespace rota::sandbox {
namespace {

std::optional<long> number_in(std::string_view text) {
  long number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end && text.front() != '-' ? std::optional(number) : std::nullopt;
}

bool is_range(std::string_view text, long cpus) {
  const auto hyphen = text.find('-');
  const auto first = number_in(text.substr(0, hyphen));
  const auto last = hyphen == std::string_view::npos ? first : number_in(text.substr(hyphen + 1));
  return first && last && *first <= *last && *last < cpus;
}

}  // namespace

bool is_list_of_cpus(std::string_view text, long cpus) {
  for (;;) {
    const auto comma = text.find(',');
    if (!is_range(text.substr(0, comma), cpus)) return false;
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace rota::sandbox
