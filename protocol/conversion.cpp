#include "protocol/conversion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "protocol/framing.hpp"
#include "protocol/packet_fields.hpp"
#include "protocol/versions.hpp"

namespace rota::protocol {
namespace {

// The "type" of each packet, in the variant's order.
constexpr std::array<std::string_view, 25> kTypes{
    "hello",    "submit",    "result",      "event",        "error",         "logs_query", "log_line",
    "logs_end", "logs_stop", "nodes_query", "nodes",        "ping",          "pong",       "join",
    "lease",    "holdings",  "stored",      "authenticate", "authenticated", "accepted",   "wait",
    "cancel",   "drain",     "self_test",   "self_tested"};
static_assert(kTypes.size() == std::variant_size_v<Packet>);
constexpr std::size_t kTypesOfVersion1 = 13;  // the first ones

// Any number is read, so that the answer to a wrong one names the right one.
constexpr IntegerRule kAnyVersion{-kMaxExactInteger, kMaxExactInteger};

// What a person or a client asks for is written as it is, so that the receiver refuses it by name instead of
// doing something else; what daemons report is made to fit, so that it always arrives.
template <typename T>
constexpr Fit fit_of(const T&) {
  return std::is_same_v<T, Submit> || std::is_same_v<T, LogsQuery> ? Fit::no : Fit::yes;
}

// "rota" and "type" go first: they decide what the other fields mean.
struct Head {
  std::int64_t version = 0;
  std::string type;
};

template <typename Fields>
void describe(Fields& fields, Is<Head> auto& head) {
  fields.field("rota", head.version, kAnyVersion, required);
  if (head.version < kOldestVersion || head.version > kVersion) {
    throw ProtocolError(
        ErrorCode::unsupported_version, "rota",
        fmt::format("version {} is not spoken here; send \"rota\":{}", head.version, kVersion));
  }
  fields.field("type", head.type, TextRule{kMaxNameBytes}, required);
}

template <std::size_t Index = 0>
Packet read_packet(const Head& head, FieldReader& fields) {
  if constexpr (Index == kTypes.size()) {
    throw ProtocolError(
        ErrorCode::unknown_type, "type",
        fmt::format("type is {}; it must be one of {}", in_quotes(head.type), fmt::join(kTypes, ", ")));
  } else {
    if (kTypes[Index] != head.type) return read_packet<Index + 1>(head, fields);
    std::variant_alternative_t<Index, Packet> packet;
    describe(fields, packet);
    return packet;
  }
}

void require_common_version(const Hello& hello) {
  if (hello.min_version <= kVersion && kOldestVersion <= hello.max_version) return;
  throw ProtocolError(ErrorCode::unsupported_version, "max_version",
                      fmt::format("versions {} to {} are offered; only versions {} to {} are spoken here",
                                  hello.min_version, hello.max_version, kOldestVersion, kVersion));
}

}  // namespace

std::string to_json(const Packet& packet, int version) {
  JsonText json;
  json.begin_object();
  json.name("rota");
  json.number(version);
  json.name("type");
  json.string(kTypes[packet.index()]);
  std::visit(
      [&](const auto& alternative) {
        FieldWriter fields(json, fit_of(alternative));
        describe(fields, alternative);
      },
      packet);
  json.end_object();
  return version < kVersion ? without_newer(json.take(), kTypes[packet.index()]) : json.take();
}

std::string to_wire(const Packet& packet, int version) {
  return framed(to_json(packet, version));
}

bool is_known_in(int version, const Packet& packet) {
  return version > kOldestVersion || packet.index() < kTypesOfVersion1;
}

int common_version(const Hello& hello) {
  return std::min(hello.max_version, kVersion);
}

Packet from_json(std::string_view text, int* version) {
  Json json = parse_json(text);
  if (!json.is_object())
    fail(ErrorCode::not_json, Place(), "is not a JSON object; put its fields between { and }");
  const Place whole;
  FieldReader fields(json, whole);
  Head head;
  describe(fields, head);
  if (version != nullptr) *version = static_cast<int>(head.version);
  Packet packet = read_packet(head, fields);
  fields.finish();
  if (const auto* hello = std::get_if<Hello>(&packet)) require_common_version(*hello);
  return packet;
}

std::string to_log_line(const Event& event) {
  JsonText json;
  write(StructRule{}, event, Fit::yes, json);
  return json.take();
}

Event from_log_line(std::string_view line) {
  Json json = parse_json(line);
  Event event;
  read(StructRule{}, json, Place(), event);
  return event;
}

std::string job_of_bad_packet(std::string_view text) {
  try {
    Json json = parse_json(text);
    if (!json.is_object()) return {};
    for (const char* name : {"job", "query"}) {
      std::string id;
      if (json.contains(name)) read(kName, json[name], Place(), id);
      if (!id.empty()) return id;
    }
  } catch (const ProtocolError&) {  // it speaks of none that we could name
  }
  return {};
}

}  // namespace rota::protocol
