#pragma once
// What version 2 of the protocol added, so that it can be kept from peers of version 1, who refuse fields that they do
// not know. Receivers take the newer fields in packets of either version.

#include <string>
#include <string_view>

namespace rota::protocol {

// A packet's JSON without what version 1 does not have; error codes that it does not know become `internal`. Packets of types
// that version 1 does not have must not be sent to such a peer.
std::string without_newer(const std::string& json, std::string_view type);

}  // namespace rota::protocol
