#pragma once
// Packets as JSON text and back. Strict: an unknown type, field or enumeration value, a missing field, a
// wrong type, a number out of range, invalid UTF-8 and too deep nesting are each a ProtocolError with its own
// code and the field's path.

#include <string>
#include <string_view>

#include "protocol/packets.hpp"

namespace rota::protocol {

// JSON without EOT. Never throws for what a packet holds: bytes that are not UTF-8 (or longer as escaped
// text) travel as base64, text that is not UTF-8 gets U+FFFD. In what daemons report, text and numbers that
// pass a bound are cut to it, so that from_json takes the packet. Submit and LogsQuery are written as they
// are: the receiver refuses by name what is out of bounds, such as a limit or a file name.
// version: what the peer speaks, kOldestVersion to kVersion; what it does not know is left out (versions.hpp).
std::string to_json(const Packet& packet, int version = kVersion);

// Whether a peer of this version knows packets of this type.
bool is_known_in(int version, const Packet& packet);

// json + EOT, ready to send.
std::string to_wire(const Packet& packet, int version = kVersion);

// Throws ProtocolError. version, where given, is set to that of the packet, also where something else is wrong with it.
Packet from_json(std::string_view json, int* version = nullptr);

// The version to speak with the sender of a hello that from_json has taken.
int common_version(const Hello& hello);

// One event as one line of a log file, and back. from_log_line throws ProtocolError.
std::string to_log_line(const Event& event);
Event from_log_line(std::string_view line);

// The job id (or query id) that a packet which does not convert seems to speak of, for its error packet;
// empty if none.
std::string job_of_bad_packet(std::string_view json);

// The event as a person reads it, one line without a newline.
std::string to_readable(const Event& event);

}  // namespace rota::protocol
