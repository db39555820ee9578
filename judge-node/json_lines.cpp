#include "judge-node/json_lines.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace rota::node {
namespace {

using nlohmann::json;

// Counts the lines that the parser has taken; all copies count into one place.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* line) : at_(at), line_(line) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    if (*at_ == '\n') ++*line_;
    ++at_;
    return *this;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  std::size_t* line_;
};

constexpr std::size_t kMaxNesting = 16;

// Follows the parser and notes where each key and element stands.
class LineNotes : public nlohmann::json_sax<json> {
 public:
  LineNotes(const std::size_t& line, std::map<std::string, std::size_t>& lines)
      : line_(line), lines_(lines) {}

  bool null() override { return scalar(); }
  bool boolean(bool) override { return scalar(); }
  bool number_integer(number_integer_t) override { return scalar(); }
  bool number_unsigned(number_unsigned_t) override { return scalar(); }
  bool number_float(number_float_t, const string_t&) override { return scalar(); }
  bool string(string_t&) override { return scalar(); }
  bool binary(binary_t&) override { return scalar(); }
  bool start_object(std::size_t) override { return open(false); }
  bool start_array(std::size_t) override { return open(true); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    const std::string& outer = levels_.back().path;
    key_ = outer.empty() ? name : outer + "." + name;
    if (!lines_.emplace(key_, line_).second) throw JsonTextError(line_, key_ + " is there twice");
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const json::exception& error) override {
    throw JsonTextError(line_, error.what());
  }

 private:
  struct Level {
    std::string path;
    bool is_array;
    std::size_t next = 0;
  };

  // The path of the value that begins here.
  std::string place() {
    if (levels_.empty()) return "";
    Level& outer = levels_.back();
    if (!outer.is_array) return key_;
    std::string path = outer.path + "[" + std::to_string(outer.next++) + "]";
    lines_.emplace(path, line_);
    return path;
  }
  bool scalar() {
    place();
    return true;
  }
  bool open(bool is_array) {
    if (levels_.size() == kMaxNesting) throw JsonTextError(line_, "objects and lists are nested too deep");
    levels_.push_back({place(), is_array});
    return true;
  }
  bool close() {
    levels_.pop_back();
    return true;
  }

  const std::size_t& line_;
  std::map<std::string, std::size_t>& lines_;
  std::vector<Level> levels_;
  std::string key_;
};

}  // namespace

JsonText::JsonText(std::string_view text) {
  std::size_t line = 1;
  LineNotes notes(line, lines_);
  json::sax_parse(CountingIterator(text.data(), &line), CountingIterator(text.data() + text.size(), &line),
                  &notes);
  value_ = json::parse(text);
}

std::size_t JsonText::line_of(std::string path) const {
  while (!path.empty()) {
    if (const auto found = lines_.find(path); found != lines_.end()) return found->second;
    const std::size_t cut = path.find_last_of(".[");
    path.resize(cut == std::string::npos ? 0 : cut);
  }
  return 1;
}

}  // namespace rota::node
