#pragma once
// The bytes of the messages between a node and its box. Each is one SOCK_SEQPACKET datagram: a version byte,
// a kind byte, then the fields (base/byte_fields.hpp) in the order of the struct; a list is its length (32 bits) and its
// elements. Descriptors travel beside the bytes (SCM_RIGHTS), in the order in which the fields that own them stand:
// program, stdin, stdout, stderr, inputs; outputs.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/byte_fields.hpp"
#include "base/unique_fd.hpp"
#include "sandbox/client.hpp"
#include "sandbox/spec.hpp"

namespace rota::sandbox {

// Below the kernel's default socket buffer of 208 KiB.
inline constexpr std::size_t kMaxMessageBytes = 192 << 10;
inline constexpr std::size_t kMaxMessageFds = 4 + kMaxInputs;

// Bytes or descriptors that no sender of ours sends.
using MessageError = BadBytes;

// A message and its descriptors. To send, the descriptors are borrowed; what was received owns them.
struct OutgoingMessage {
  std::string bytes;
  std::vector<int> fds;
};
struct IncomingMessage {
  std::string bytes;
  std::vector<UniqueFd> fds;
};

struct CancelRequest {};

// A run as it came from a socket: spec borrows from fds.
struct RunRequest {
  RunSpec spec;
  std::vector<UniqueFd> fds;
};

using BoxRequest = std::variant<RunRequest, CancelRequest>;

OutgoingMessage encode(const RunSpec& spec);
OutgoingMessage encode(const CancelRequest& request);
OutgoingMessage encode(const BoxReady& ready);
OutgoingMessage encode(const BoxRefused& refused);
OutgoingMessage encode(const RunReply& reply);

// Both throw MessageError for anything malformed: wrong version or kind, a field cut short, a length past its
// bound, bytes or descriptors left over, a spec that find_problem refuses.
BoxRequest decode_request(IncomingMessage message);
BoxMessage decode_box_message(IncomingMessage message);

}  // namespace rota::sandbox
