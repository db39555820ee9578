#pragma once
// One message with its descriptors over a SOCK_SEQPACKET unix socket (unix(7)).

#include <sys/types.h>

#include <chrono>
#include <optional>

#include "sandbox/message.hpp"

namespace rota::sandbox {

// The other end is closed, or has reset the connection.
class PeerGone : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Waits for room up to kSendPatience, which only a peer that does not read can make happen. Throws PeerGone,
// and std::system_error for what is left.
inline constexpr std::chrono::milliseconds kSendPatience = std::chrono::seconds(5);
void send_message(int socket, const OutgoingMessage& message);

// nullopt: nothing there (never waits). Received descriptors are close-on-exec. Throws PeerGone at the end of
// the stream, MessageError for a message that passes kMaxMessageBytes or kMaxMessageFds.
std::optional<IncomingMessage> receive_message(int socket);

}  // namespace rota::sandbox
