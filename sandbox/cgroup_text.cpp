#include "sandbox/cgroup_text.hpp"

#include <algorithm>
#include <charconv>

namespace rota::sandbox {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(separator, start), text.size());
    parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

// mountinfo writes blanks, tabs, newlines and backslashes as \ and three octal digits.
std::string decode(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view digits = text.substr(i + 1, 3);
    if (text[i] == '\\' && digits.size() == 3 && std::all_of(digits.begin(), digits.end(), is_octal)) {
      plain.push_back(static_cast<char>((digits[0] - '0') * 64 + (digits[1] - '0') * 8 + (digits[2] - '0')));
      i += 3;
    } else {
      plain.push_back(text[i]);
    }
  }
  return plain;
}

// After " - ": type, source and options of the file system.
bool shows_hierarchy(std::string_view description, std::string_view controller) {
  const auto fields = split(description, ' ');
  if (controller == kVersion2) return !fields.empty() && fields[0] == "cgroup2";
  return fields.size() >= 3 && fields[0] == "cgroup" && list_has(fields[2], controller, ',');
}

}  // namespace

std::optional<std::string> path_in_hierarchy(std::string_view lines, std::string_view controller) {
  for (const std::string_view line : split(lines, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const bool is_it =
        controller == kVersion2 ? line.starts_with("0::") : list_has(controllers, controller, ',');
    if (is_it) return std::string(line.substr(second + 1));
  }
  return std::nullopt;
}

std::vector<HierarchyMount> find_hierarchy_mounts(std::string_view lines, std::string_view controller) {
  std::vector<HierarchyMount> mounts;
  for (const std::string_view line : split(lines, '\n')) {
    const std::size_t separator = line.find(" - ");
    if (separator == std::string_view::npos) continue;
    const auto fields = split(line.substr(0, separator), ' ');
    if (fields.size() < 5 || !shows_hierarchy(line.substr(separator + 3), controller)) continue;
    mounts.push_back({decode(fields[3]), decode(fields[4])});
  }
  return mounts;
}

std::optional<std::string> folder_of(const HierarchyMount& mount, std::string_view path) {
  // "/.." stands for what lies outside of our cgroup namespace, which is not to be seen.
  if (path.starts_with("/..")) return std::nullopt;
  const std::string_view root = mount.root == "/" ? std::string_view() : std::string_view(mount.root);
  if (!path.starts_with(root)) return std::nullopt;
  const std::string_view rest = path.substr(root.size());
  if (rest.empty() || rest == "/") return mount.point;
  return rest.front() == '/' ? std::optional(mount.point + std::string(rest)) : std::nullopt;
}

std::uint64_t parse_number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::uint64_t keyed_number(std::string_view text, std::string_view key) {
  for (const std::string_view line : split(text, '\n')) {
    if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == ' ')
      return parse_number(line.substr(key.size() + 1));
  }
  return 0;
}

bool list_has(std::string_view list, std::string_view word, char separator) {
  const auto words = split(list, separator);
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace rota::sandbox
