#pragma once
// The client's own event log: one JSON line per event. That it cannot be written is a warning, once, and
// never a failure of the call.

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/line_log.hpp"
#include "protocol/event.hpp"

namespace rota::client {

class ClientLog {
 public:
  explicit ClientLog(std::filesystem::path path) : path_(std::move(path)) {}

  // name: "submitted", "result", "error", "interrupted". job: empty where none is concerned.
  void append(const std::string& name, const std::string& job,
              std::map<std::string, protocol::FieldValue> fields);

 private:
  std::filesystem::path path_;
  std::optional<LineLog> log_;
  bool warned_ = false;
};

}  // namespace rota::client
