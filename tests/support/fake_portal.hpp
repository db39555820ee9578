#pragma once
// A portal that a test plays itself: it takes a client's connections one by one and says packet by packet what comes of
// them. Blocking, with deadlines, so that the test reads as a dialogue.

#include <string>

#include "base/unique_fd.hpp"
#include "tests/support/packet_client.hpp"

namespace rota::test {

class FakePortal {
 public:
  // Listens on a free port of loopback. Throws std::system_error.
  FakePortal();

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  // The next connection. Throws std::runtime_error where none comes in time.
  PacketClient accept(std::chrono::milliseconds timeout = PacketClient::kTimeout) const;

 private:
  UniqueFd socket_;
  int port_ = 0;
};

}  // namespace rota::test
