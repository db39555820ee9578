#pragma once
// `rota-box serve`: one box behind a seqpacket socket.

#include "sandbox/supervisor.hpp"

namespace rota::sandbox {

// Prepares a box, says ready or refused, then answers requests until the socket closes or a
// signal asks for the end. Returns the exit status: 0, or 1 where the box could not be
// prepared, or lacks an expected layer, or the peer broke the protocol.
int serve(int socket, const BoxOptions& options);

}  // namespace rota::sandbox
