#include "protocol/json_value.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "base/encoding.hpp"
#include "protocol/bounds.hpp"
#include "protocol/text_rule.hpp"

namespace rota::protocol {
namespace {

constexpr std::size_t kMaxNameInPath = 64;
constexpr std::size_t kMaxNumberBytes = 64;  // no field needs more than 20

std::string extended(std::string path, std::string_view name) {
  if (!path.empty()) path += '.';
  return path + fitted(name, {kMaxNameInPath, Characters::line});
}

std::string extended(std::string path, std::size_t index) {
  return fmt::format("{}[{}]", path, index);
}

[[noreturn]] void fail_at(ErrorCode code, std::string where, std::string_view problem) {
  const std::string subject = where.empty() ? "the packet" : where;
  throw ProtocolError(code, std::move(where), fmt::format("{} {}", subject, problem));
}

// Takes nlohmann's parser events (its "SAX interface" names the functions) and builds the tree. The parser
// itself and the tree's destructor work without recursion.
class TreeBuilder {
 public:
  explicit TreeBuilder(std::string_view text) : text_(text) {}

  Json take() { return std::move(root_); }

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add(value); }
  bool number_unsigned(std::uint64_t value) { return add(value); }
  bool number_float(double value, const std::string&) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(Json::binary_t&) { return false; }  // JSON text has none
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name);
  bool parse_error(std::size_t position, const std::string& last_token, const Json::exception& error);

 private:
  struct Level {
    Json* container;
    std::string key;  // of the member that comes next, in an object
  };

  bool add(Json value) {
    put(std::move(value));
    return true;
  }
  bool open(Json container);
  bool close() {
    levels_.pop_back();
    return true;
  }
  Json* put(Json value);
  std::string path() const;

  std::string_view text_;
  Json root_;
  std::vector<Level> levels_;  // open containers, outermost first
  std::size_t values_ = 0;
};

// Pointers into the tree hold: only the innermost container grows while it is open.
Json* TreeBuilder::put(Json value) {
  if (++values_ > kMaxValues) {
    fail_at(ErrorCode::out_of_range, "", fmt::format("holds more than {} JSON values", kMaxValues));
  }
  if (levels_.empty()) return &(root_ = std::move(value));
  Json& container = *levels_.back().container;
  if (container.is_array()) return &container.emplace_back(std::move(value));
  return &(container.get_ref<Json::object_t&>()[std::move(levels_.back().key)] = std::move(value));
}

bool TreeBuilder::open(Json container) {
  if (levels_.size() >= kMaxNesting) {
    fail_at(ErrorCode::nested_too_deep, "",
            fmt::format("nests objects and arrays deeper than {} levels", kMaxNesting));
  }
  Json* const placed = put(std::move(container));
  levels_.push_back({placed, {}});
  return true;
}

bool TreeBuilder::key(std::string& name) {
  if (levels_.back().container->contains(name)) {
    fail_at(ErrorCode::not_json, extended(path(), name), "occurs twice in one object; name each field once");
  }
  levels_.back().key = std::move(name);
  return true;
}

// Of the innermost open container.
std::string TreeBuilder::path() const {
  std::string text;
  for (std::size_t i = 0; i + 1 < levels_.size(); ++i) {
    const Json& container = *levels_[i].container;
    // An object's key has moved into the object by now, so it is looked up by its value's address.
    if (container.is_array()) {
      text = extended(std::move(text), container.size() - 1);
    } else {
      for (const auto& [name, value] : container.items()) {
        if (&value == levels_[i + 1].container) text = extended(std::move(text), name);
      }
    }
  }
  return text;
}

bool TreeBuilder::parse_error(std::size_t position, const std::string&, const Json::exception& error) {
  if (dynamic_cast<const Json::out_of_range*>(&error) != nullptr) {
    fail_at(ErrorCode::out_of_range, "",
            fmt::format("holds a number too large for any field, at byte {}", position));
  }
  if (text_.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    fail_at(ErrorCode::not_json, "", "is empty; send one JSON object before each EOT byte (0x04)");
  }
  if (!is_utf8(text_))
    fail_at(ErrorCode::not_json, "", "is not UTF-8; send bytes that are not text as base64");
  fail_at(
      ErrorCode::not_json, "",
      fmt::format("is not JSON, see byte {}; send one JSON object before each EOT byte (0x04)", position));
}

bool belongs_to_number(char c) {
  return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E';
}

// What nlohmann's parser lets pass, or takes too long for: it stops at a NUL byte as at the text's end, skips
// a byte order mark, and converts a number of any length before it tells us.
void require_plain_text(std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    fail_at(ErrorCode::not_json, "", "holds a NUL byte; send bytes that are not text as base64");
  if (text.starts_with("\xef\xbb\xbf"))
    fail_at(ErrorCode::not_json, "", "begins with a byte order mark; leave it out");
  bool in_string = false;
  std::size_t number_size = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') in_string = !in_string;
    if (c == '\\') ++at;
    number_size = !in_string && belongs_to_number(c) ? number_size + 1 : 0;
    if (number_size > kMaxNumberBytes)
      fail_at(ErrorCode::out_of_range, "",
              fmt::format("holds a number too large for any field, at byte {}", at));
  }
}

}  // namespace

Json parse_json(std::string_view text) {
  require_plain_text(text);
  TreeBuilder builder(text);
  Json::sax_parse(text, &builder);  // never false: every error throws
  return builder.take();
}

std::string Place::text() const {
  if (parent_ == nullptr) return {};
  return is_element_ ? extended(parent_->text(), index_) : extended(parent_->text(), name_);
}

void fail(ErrorCode code, const Place& place, std::string_view problem) {
  fail_at(code, place.text(), problem);
}

}  // namespace rota::protocol
