#include "tests/support/packet_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <stdexcept>

#include "base/check.hpp"
#include "protocol/conversion.hpp"

namespace rota::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

void await(int socket, short events, steady_clock::time_point deadline) {
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    pollfd entry{.fd = socket, .events = events, .revents = 0};
    const int count = ::poll(&entry, 1, static_cast<int>(std::max(left, milliseconds(0)).count()));
    if (count < 0 && errno == EINTR) continue;
    if (check(count, "poll") == 0) throw std::runtime_error("no packet in time");
    return;
  }
}

}  // namespace

PacketClient::PacketClient(const std::string& host, int port)
    : socket_(check(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
    throw std::runtime_error("not an address: " + host);
  check(::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
        "connect to " + host);
  // As our own clients do: a small packet must not wait until the one before is acknowledged.
  const int yes = 1;
  check(::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes), "setsockopt TCP_NODELAY");
}

void PacketClient::send(const protocol::Packet& packet) {
  send_bytes(protocol::to_wire(packet));
}

void PacketClient::send_bytes(std::string_view bytes) {
  while (!bytes.empty()) {
    await(socket_.get(), POLLOUT, steady_clock::now() + kTimeout);
    const auto sent =
        check(::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT), "send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void PacketClient::finish_sending() {
  check(::shutdown(socket_.get(), SHUT_WR), "shutdown");
}

void PacketClient::reset_connection() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  check(::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), "SO_LINGER");
  socket_.reset();
}

std::optional<protocol::Packet> PacketClient::next(milliseconds timeout) {
  const auto json = next_json(timeout);
  return json ? std::optional(protocol::from_json(*json)) : std::nullopt;
}

std::optional<std::string> PacketClient::next_json(milliseconds timeout) {
  const auto deadline = steady_clock::now() + timeout;
  while (true) {
    if (auto json = decoder_.next()) return json;
    await(socket_.get(), POLLIN, deadline);
    char part[65536];
    const auto count = ::recv(socket_.get(), part, sizeof part, 0);
    if (count == 0 || (count < 0 && errno == ECONNRESET)) return std::nullopt;
    decoder_.feed({part, static_cast<std::size_t>(check(count, "recv"))});
  }
}

protocol::Result PacketClient::submit(const protocol::Submit& job, milliseconds timeout) {
  const auto deadline = steady_clock::now() + timeout;
  send(job);
  while (true) {
    auto packet = next(std::chrono::ceil<milliseconds>(deadline - steady_clock::now()));
    if (packet && std::holds_alternative<protocol::LiveEvent>(*packet)) continue;
    if (!packet || !std::holds_alternative<protocol::Result>(*packet)) throw_unexpected(packet);
    return std::get<protocol::Result>(std::move(*packet));
  }
}

void PacketClient::throw_unexpected(const std::optional<protocol::Packet>& packet) {
  if (!packet) throw std::runtime_error("the peer closed where a packet was expected");
  throw std::runtime_error("unexpected packet: " + protocol::to_json(*packet));
}

}  // namespace rota::test
