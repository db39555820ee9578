#pragma once
// The fields of one JSON object, in either direction. packet_fields.hpp lists each struct's
// fields once, as a template describe(fields, value); given a FieldReader it fills the
// struct, given a FieldWriter it makes JSON.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "protocol/field_rules.hpp"

namespace rota::protocol {

// An optional field that is absent leaves its struct's default, which is the empty one of its type (zero,
// false, no text, no elements); it is not written where it has this value.
enum class Presence { optional, required };
inline constexpr Presence required = Presence::required;

class FieldReader {
 public:
  // Throws ProtocolError{wrong_type} unless json is an object. Takes texts out of
  // json; both must outlive the reader.
  FieldReader(Json& json, const Place& place);

  template <typename T, typename Rule>
  void field(std::string_view name, T& value, const Rule& rule, Presence presence = Presence::optional) {
    if (Json* const json = find(name, presence)) read(rule, *json, Place(place_, name), value);
  }

  template <typename T, typename Rule>
  void field(std::string_view name, std::optional<T>& value, const Rule& rule) {
    if (Json* const json = find(name, Presence::optional))
      read(rule, *json, Place(place_, name), value.emplace());
  }

  // Bytes: `name` holds text, `name`_base64 base64; at most one of them is there.
  // The bound counts decoded bytes.
  void bytes(std::string_view name, std::string& value, std::size_t max_bytes,
             Presence presence = Presence::optional);

  // Throws ProtocolError{unknown_field} when the object has a field that was not asked for.
  void finish() const;

 private:
  Json* find(std::string_view name, Presence presence);

  Json::object_t& object_;
  const Place& place_;
  std::vector<const std::string*> found_;  // names that were asked for and are there
};

class FieldWriter {
 public:
  FieldWriter(JsonText& json, Fit fit) : json_(json), fit_(fit) {}

  template <typename T, typename Rule>
  void field(std::string_view name, const T& value, const Rule& rule,
             Presence presence = Presence::optional) {
    if (presence == Presence::optional && value == T{}) return;
    json_.name(name);
    write(rule, value, fit_, json_);
  }

  template <typename T, typename Rule>
  void field(std::string_view name, const std::optional<T>& value, const Rule& rule) {
    if (!value) return;
    json_.name(name);
    write(rule, *value, fit_, json_);
  }

  void bytes(std::string_view name, const std::string& value, std::size_t max_bytes,
             Presence presence = Presence::optional);

 private:
  JsonText& json_;
  Fit fit_;
};

// A struct that has a describe() of its own.
struct StructRule {};

template <typename T>
requires std::is_class_v<T>
void read(StructRule, Json& json, const Place& place, T& value) {
  FieldReader fields(json, place);
  describe(fields, value);
  fields.finish();
}

template <typename T>
requires std::is_class_v<T>
void write(StructRule, const T& value, Fit fit, JsonText& json) {
  json.begin_object();
  FieldWriter fields(json, fit);
  describe(fields, value);
  json.end_object();
}

// The files of a project, with bounds on their number and on all their bytes; no name twice, and none that is another's
// folder.
struct FilesRule {};
void require_files_fit(const std::vector<ProjectFile>& files, const Place& place);

// Templates, since the fields of a file are known only where all structs' fields are.
template <std::same_as<ProjectFile> File>
void read(FilesRule, Json& json, const Place& place, std::vector<File>& value) {
  read(ListRule<StructRule>{{}, kMaxFiles}, json, place, value);
  require_files_fit(value, place);
}

template <std::same_as<ProjectFile> File>
void write(FilesRule, const std::vector<File>& value, Fit fit, JsonText& json) {
  write(ListRule<StructRule>{{}, kMaxFiles}, value, fit, json);
}

// The nodes of a portal. Of many nodes it is left out what each has, and most of what is wrong with it, so that they fit
// into a packet.
struct NodesRule {};
void shorten(std::vector<NodeStatus>& nodes);

template <std::same_as<NodeStatus> Node>
void read(NodesRule, Json& json, const Place& place, std::vector<Node>& value) {
  read(ListRule<StructRule>{{}, kMaxNodes}, json, place, value);
}

template <std::same_as<NodeStatus> Node>
void write(NodesRule, const std::vector<Node>& value, Fit fit, JsonText& json) {
  const ListRule<StructRule> rule{{}, kMaxNodes};
  if (value.size() <= kMaxNodesInFull) return write(rule, value, fit, json);
  auto brief = value;
  shorten(brief);
  write(rule, brief, fit, json);
}

}  // namespace rota::protocol
