#include "protocol/versions.hpp"

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>

namespace rota::protocol {
namespace {

using OrderedJson = nlohmann::ordered_json;  // fields stay in the order in which PROTOCOL.md lists them
using Names = std::initializer_list<const char*>;

void leave_out(OrderedJson& object, Names names) {
  for (const char* name : names) object.erase(name);
}

void leave_out_of_each(OrderedJson& object, const char* list, Names names) {
  const auto found = object.find(list);
  if (found == object.end()) return;
  for (OrderedJson& element : *found) leave_out(element, names);
}

constexpr Names kOfEvents{"sequence", "attempt"};

bool is_newer(const std::string& code) {
  return code == "unknown_job" || code == "unauthenticated" || code == "forbidden" || code == "unknown_blob";
}

void leave_out_newer(OrderedJson& packet, std::string_view type) {
  if (type == "hello") return leave_out(packet, {"accepts", "session", "labels", "memory_bytes", "draining"});
  if (type == "submit")
    return leave_out(packet, {"stdin_blob", "acknowledge", "labels", "priority", "queue_time_ms",
                              "total_time_ms", "attempt"});
  if (type == "event" || type == "log_line") return leave_out(packet["event"], kOfEvents);
  if (type == "nodes") return leave_out_of_each(packet, "nodes", {"state", "labels", "memory_bytes"});
  if (type == "ping") return leave_out(packet, {"heard"});
  if (type == "result") {
    leave_out(packet, {"attempt"});
    return leave_out_of_each(packet, "events", kOfEvents);
  }
  if (type != "error") return;
  leave_out(packet, {"retry_after_ms"});
  if (is_newer(packet["code"].get<std::string>())) packet["code"] = "internal";
}

}  // namespace

std::string without_newer(const std::string& json, std::string_view type) {
  OrderedJson packet = OrderedJson::parse(json);
  leave_out_newer(packet, type);
  return packet.dump();
}

}  // namespace rota::protocol
