#include "sandbox/self_test/attack.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>

#include "sandbox/layers.hpp"

namespace rota::sandbox {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::string_view kCommentMarks = "/#*;!";
const std::set<std::string, std::less<>> kSuffixes{".c", ".cpp", ".S", ".py", ".sh", ".ld"};

std::vector<std::string> split_words(const std::string& text) {
  std::istringstream words(text);
  return {std::istream_iterator<std::string>(words), {}};
}

Settings parse_settings(const std::string& text) {
  Settings settings;
  for (const std::string& word : split_words(text)) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0) throw std::runtime_error(word + " is not name=value");
    settings[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return settings;
}

void take_limit(protocol::Limits& limits, const std::string& name, std::uint64_t value) {
  if (name == "cpu_ms")
    limits.cpu_time = milliseconds(value);
  else if (name == "wall_ms")
    limits.wall_time = milliseconds(value);
  else if (name == "memory_mb")
    limits.memory_bytes = value << 20;
  else if (name == "output_kb")
    limits.output_bytes = value << 10;
  else if (name == "file_kb")
    limits.file_bytes = value << 10;
  else if (name == "processes")
    limits.processes = static_cast<std::uint32_t>(value);
  else
    throw std::runtime_error("unknown limit " + name);
}

void take_mark(Attack& attack, const std::string& mark) {
  if (mark == "self-test")
    attack.in_self_test = true;
  else if (mark == "slow")
    attack.slow = true;
  else
    throw std::runtime_error("unknown mark " + mark);
}

void take_need(Attack& attack, const std::string& layer) {
  const std::vector<std::string>& known = layer_names();
  if (std::find(known.begin(), known.end(), layer) == known.end())
    throw std::runtime_error("unknown layer " + layer);
  attack.needs.push_back(layer);
}

void take_line(Attack& attack, std::string_view key, const std::string& value) {
  if (key == "limits") {
    for (const auto& [name, text] : parse_settings(value)) take_limit(attack.limits, name, std::stoull(text));
  } else if (key == "marks") {
    for (const std::string& mark : split_words(value)) take_mark(attack, mark);
  } else if (key == "expect") {
    attack.expected = parse_settings(value);
  } else if (key == "first") {
    attack.first = parse_settings(value);
  } else if (key == "command") {
    attack.command = split_words(value);
  } else if (key == "outputs") {
    attack.outputs = split_words(value);
  } else if (key == "needs") {
    for (const std::string& layer : split_words(value)) take_need(attack, layer);
  } else {
    throw std::runtime_error("unknown line " + std::string(key));
  }
}

// "key: value" behind comment marks; other lines of the head are for people.
void read_line(Attack& attack, std::string_view line) {
  if (line.ends_with(" */")) line.remove_suffix(3);
  const auto start = line.find_first_not_of(std::string(kCommentMarks) + " ");
  if (start == std::string_view::npos) return;
  line.remove_prefix(start);
  const auto end = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz-");
  if (end == std::string_view::npos || end == 0 || line.substr(end, 2) != ": ") return;
  take_line(attack, line.substr(0, end), std::string(line.substr(end + 2)));
}

std::vector<std::string> interpreter_of(const fs::path& source) {
  if (source.extension() == ".py") return {"/usr/bin/python3", "{source}"};
  if (source.extension() == ".sh") return {"/bin/sh", "{source}"};
  return {};
}

}  // namespace

Attack read_attack(const fs::path& source) {
  Attack attack;
  attack.family = source.parent_path().filename();
  attack.name = source.stem();
  attack.source = source;
  attack.command = interpreter_of(source);
  attack.limits.wall_time = milliseconds(10'000);
  std::ifstream file(source);
  try {
    for (std::string line; std::getline(file, line);) {
      if (line.empty() || kCommentMarks.find(line[0]) == std::string_view::npos) break;
      read_line(attack, line);
    }
  } catch (const std::exception& error) {
    throw std::runtime_error(source.string() + ": " + error.what());
  }
  return attack;
}

std::vector<Attack> read_attacks(const fs::path& folder) {
  std::vector<Attack> attacks;
  for (const auto& family : fs::directory_iterator(folder)) {
    if (!family.is_directory()) continue;
    for (const auto& entry : fs::directory_iterator(family)) {
      if (kSuffixes.contains(entry.path().extension().native())) attacks.push_back(read_attack(entry.path()));
    }
  }
  std::sort(attacks.begin(), attacks.end(),
            [](const Attack& left, const Attack& right) { return left.id() < right.id(); });
  return attacks;
}

}  // namespace rota::sandbox
