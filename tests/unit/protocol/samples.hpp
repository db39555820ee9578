#pragma once
// One packet of every type with every field filled, and helpers that the protocol's tests share.

#include <string>
#include <string_view>
#include <vector>

#include "protocol/packets.hpp"

namespace rota::protocol {

inline const std::string kSampleJob = "01938c6e-5a00-7abc-8def-0123456789ab";

Event sample_event();
StepReport sample_report();
Submit sample_submit();
Result sample_result();

// In the order of Packet's alternatives.
std::vector<Packet> sample_packets();

// Those that version 1 has come first.
inline constexpr std::size_t kPacketsOfVersion1 = 13;

// What from_json throws for this text; the test fails when it throws nothing.
ProtocolError refusal_of(std::string_view json);

// `fields` is what follows the packet's head, such as R"("number":1)".
std::string packet_json(std::string_view type, std::string_view fields);

// A submit that is fine, with more fields behind.
std::string submit_json(std::string_view more_fields);

}  // namespace rota::protocol
