#include "protocol/json_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/encoding.hpp"
#include "protocol/file_name.hpp"

namespace rota::protocol {
namespace {

std::string base64_name(std::string_view name) {
  return std::string(name) + "_base64";
}

constexpr std::size_t base64_size(std::size_t bytes) {
  return (bytes + 2) / 3 * 4;
}

Json::object_t& require_object(Json& json, const Place& place) {
  if (!json.is_object()) fail(ErrorCode::wrong_type, place, "must be an object");
  return json.get_ref<Json::object_t&>();
}

// Size of UTF-8 text between a JSON string's quotes, as nlohmann writes it.
std::size_t json_size(std::string_view text) {
  std::size_t size = 0;
  for (const char c : text) {
    const bool is_short_escape = c == '"' || c == '\\' || (c >= '\b' && c <= '\r' && c != '\v');
    size += is_short_escape ? 2 : (c >= 0 && c < 0x20) ? 6 : 1;
  }
  return size;
}

void require_size(std::size_t size, std::size_t bound, const Place& place) {
  if (size <= bound) return;
  fail(ErrorCode::out_of_range, place, fmt::format("is too long: at most {} bytes are taken", bound));
}

void read_base64(Json& json, const Place& place, std::string& value, std::size_t max_bytes) {
  if (!json.is_string()) fail(ErrorCode::wrong_type, place, "must be a string of base64");
  const auto& text = json.get_ref<const std::string&>();
  require_size(text.size() / 4 * 3, max_bytes + 2, place);  // before the work of decoding
  auto bytes = base64_decode(text);
  if (!bytes)
    fail(ErrorCode::bad_text, place, "must be base64 (RFC 4648 section 4) with padding, without white space");
  require_size(bytes->size(), max_bytes, place);
  value = std::move(*bytes);
}

void read_plain(Json& json, const Place& place, std::string& value, std::size_t max_bytes) {
  if (!json.is_string()) fail(ErrorCode::wrong_type, place, "must be a string");
  auto& text = json.get_ref<std::string&>();
  require_size(text.size(), max_bytes, place);
  value = std::move(text);
}

}  // namespace

FieldReader::FieldReader(Json& json, const Place& place)
    : object_(require_object(json, place)), place_(place) {
  found_.reserve(object_.size());
}

Json* FieldReader::find(std::string_view name, Presence presence) {
  const auto at = object_.find(name);
  if (at != object_.end()) {
    found_.push_back(&at->first);
    return &at->second;
  }
  if (presence == Presence::required) fail(ErrorCode::missing_field, Place(place_, name), "is missing");
  return nullptr;
}

void FieldReader::bytes(std::string_view name, std::string& value, std::size_t max_bytes, Presence presence) {
  const std::string encoded_name = base64_name(name);
  Json* const plain = find(name, Presence::optional);
  Json* const encoded = find(encoded_name, Presence::optional);
  if (plain != nullptr && encoded != nullptr) {
    fail(ErrorCode::unknown_field, Place(place_, encoded_name),
         fmt::format("stands beside {}; send one of them", name));
  }
  if (plain != nullptr) return read_plain(*plain, Place(place_, name), value, max_bytes);
  if (encoded != nullptr) return read_base64(*encoded, Place(place_, encoded_name), value, max_bytes);
  if (presence == Presence::required) {
    fail(ErrorCode::missing_field, Place(place_, name),
         fmt::format("is missing; send {} or {}", name, encoded_name));
  }
}

void FieldReader::finish() const {
  if (found_.size() == object_.size()) return;
  for (const auto& [name, value] : object_) {
    if (std::find(found_.begin(), found_.end(), &name) == found_.end()) {
      fail(ErrorCode::unknown_field, Place(place_, name), "is not a field of this packet; leave it out");
    }
  }
}

void FieldWriter::bytes(std::string_view name, const std::string& value, std::size_t max_bytes,
                        Presence presence) {
  if (presence == Presence::optional && value.empty()) return;
  const auto kept = std::string_view(value).substr(0, fit_ == Fit::yes ? max_bytes : value.size());
  if (is_utf8(kept) && json_size(kept) <= base64_size(kept.size())) {
    json_.name(name);
    json_.string(kept);
  } else {
    json_.name(base64_name(name));
    json_.string(base64_encode(kept));
  }
}

void require_files_fit(const std::vector<ProjectFile>& files, const Place& place) {
  std::size_t bytes = 0;
  std::vector<std::string_view> names;
  for (const ProjectFile& file : files) {
    bytes += file.content.size();
    names.emplace_back(file.name);
  }
  if (bytes > kMaxFilesBytes)
    fail(ErrorCode::out_of_range, place,
         fmt::format("holds {} bytes in all files; at most {} are taken", bytes, kMaxFilesBytes));
  require_separate_places(names, place.text());
}

void shorten(std::vector<NodeStatus>& nodes) {
  for (NodeStatus& node : nodes) {
    node.languages.clear();
    node.toolchains.clear();
    node.labels.clear();
    if (node.problem.size() > kMaxNameBytes) node.problem.resize(kMaxNameBytes);
  }
}

}  // namespace rota::protocol
