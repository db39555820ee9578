#pragma once
// What can be wrong with what a peer sent: a named code, the place, and what to do
// about it. Becomes an error packet.

#include <stdexcept>
#include <string>
#include <string_view>

namespace rota::protocol {

// Each code is described in PROTOCOL.md, "Errors". Text form: the enumerator's name.
enum class ErrorCode {
  packet_too_large,  // framing lost: the connection is closed after the error packet
  not_json,          // not one JSON object in valid UTF-8
  nested_too_deep,
  unsupported_version,
  unknown_type,
  missing_field,
  unknown_field,
  wrong_type,
  unknown_value,  // an enumeration or a language that does not exist
  out_of_range,
  bad_text,  // malformed text: base64, time, job id
  bad_file_name,
  unexpected_packet,  // a packet that this side does not take
  duplicate_job,      // a job of this id is in progress
  too_many_jobs,      // this connection has its fill of unanswered jobs
  no_node,            // no node can be reached
  unknown_node,
  busy,  // a bounded queue is full; try again later
  internal,
  unknown_job,      // never accepted here, or forgotten since
  unauthenticated,  // a token is wanted, or this one is not good (any more)
  forbidden,        // the token's role does not reach so far
  unknown_blob,     // no stdin of this hash is kept here
};

std::string_view to_text(ErrorCode code);

class ProtocolError : public std::runtime_error {
 public:
  // where: path of the field, such as "limits.cpu_time_ms", or empty for the packet as a whole.
  ProtocolError(ErrorCode code, std::string where, const std::string& message)
      : std::runtime_error(message), code_(code), where_(std::move(where)) {}

  ErrorCode code() const { return code_; }
  const std::string& where() const { return where_; }

 private:
  ErrorCode code_;
  std::string where_;
};

}  // namespace rota::protocol
