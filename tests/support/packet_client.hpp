#pragma once
// A blocking packet client with deadlines, independent of our own client and event loop: plain sockets, so
// that a test can also send bytes that no client of ours would.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/unique_fd.hpp"
#include "protocol/framing.hpp"
#include "protocol/packets.hpp"

namespace rota::test {

class PacketClient {
 public:
  static constexpr std::chrono::milliseconds kTimeout = std::chrono::seconds(30);

  // Connects; host is a numeric address. Throws std::system_error.
  PacketClient(const std::string& host, int port);

  // Takes over a connection, as one that a test has accepted.
  explicit PacketClient(UniqueFd connected) : socket_(std::move(connected)) {}

  void send(const protocol::Packet& packet);
  void send_bytes(std::string_view bytes);

  // FIN, as `nc -N` sends it: nothing more comes from us, answers are still read.
  void finish_sending();

  // Closes at once with RST, as a client that is killed with unread data does.
  void reset_connection();

  // The next packet; nullopt once the peer has closed. Throws std::runtime_error after the timeout.
  std::optional<protocol::Packet> next(std::chrono::milliseconds timeout = kTimeout);

  // Its JSON as it came.
  std::optional<std::string> next_json(std::chrono::milliseconds timeout = kTimeout);

  // The next packet, which must be a Wanted; packets of the other kinds throw with their text.
  template <typename Wanted>
  Wanted expect(std::chrono::milliseconds timeout = kTimeout);

  // Sends the job and hands back its result, skipping live events. An error packet throws with its text.
  protocol::Result submit(const protocol::Submit& job, std::chrono::milliseconds timeout = kTimeout);

 private:
  [[noreturn]] static void throw_unexpected(const std::optional<protocol::Packet>& packet);

  UniqueFd socket_;
  protocol::PacketDecoder decoder_;
};

template <typename Wanted>
Wanted PacketClient::expect(std::chrono::milliseconds timeout) {
  std::optional<protocol::Packet> packet = next(timeout);
  if (!packet || !std::holds_alternative<Wanted>(*packet)) throw_unexpected(packet);
  return std::get<Wanted>(std::move(*packet));
}

}  // namespace rota::test
