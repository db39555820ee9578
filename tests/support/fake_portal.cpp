#include "tests/support/fake_portal.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <stdexcept>

#include "base/check.hpp"

namespace rota::test {

FakePortal::FakePortal() : socket_(check(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  check(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), size), "bind");
  check(::listen(socket_.get(), 16), "listen");
  check(::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  port_ = ntohs(address.sin_port);
}

PacketClient FakePortal::accept(std::chrono::milliseconds timeout) const {
  pollfd entry{.fd = socket_.get(), .events = POLLIN, .revents = 0};
  if (check(::poll(&entry, 1, static_cast<int>(timeout.count())), "poll") == 0)
    throw std::runtime_error("no connection in time");
  return PacketClient(UniqueFd(check(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC), "accept")));
}

}  // namespace rota::test
