#include "bench/support/echo_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <string_view>
#include <vector>

#include "base/check.hpp"

namespace rota::bench {
namespace {

constexpr int kBacklog = 64;

sockaddr* as_any(sockaddr_in& address) {
  return reinterpret_cast<sockaddr*>(&address);
}

UniqueFd listen_on_loopback(int& port) {
  UniqueFd socket(check(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "make a socket"));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  check(::bind(socket.get(), as_any(address), size), "bind");
  check(::listen(socket.get(), kBacklog), "listen");
  check(::getsockname(socket.get(), as_any(address), &size), "getsockname");
  port = ntohs(address.sin_port);
  return socket;
}

UniqueFd accept_from(int listener) {
  UniqueFd socket(check(::accept(listener, nullptr, nullptr), "accept"));
  const int on = 1;
  check(::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "set TCP_NODELAY");
  return socket;
}

// False: the peer has gone. Blocks where the peer does not read: ours do.
bool echo(int socket) {
  static std::array<char, 64 << 10> buffer;
  const auto count = ::read(socket, buffer.data(), buffer.size());
  if (count <= 0) return false;
  std::string_view rest(buffer.data(), static_cast<std::size_t>(count));
  while (!rest.empty())
    rest.remove_prefix(static_cast<std::size_t>(check(::write(socket, rest.data(), rest.size()), "write")));
  return true;
}

[[noreturn]] void serve(const UniqueFd& listener) {
  std::vector<UniqueFd> sockets;
  while (true) {
    std::vector<pollfd> waiting{{listener.get(), POLLIN, 0}};
    for (const UniqueFd& socket : sockets) waiting.push_back({socket.get(), POLLIN, 0});
    check(::poll(waiting.data(), waiting.size(), -1), "poll");
    for (std::size_t i = waiting.size(); i-- > 1;) {
      if (waiting[i].revents != 0 && !echo(waiting[i].fd))
        sockets.erase(sockets.begin() + static_cast<std::ptrdiff_t>(i - 1));
    }
    if (waiting[0].revents != 0) sockets.push_back(accept_from(listener.get()));
  }
}

}  // namespace

EchoServer::EchoServer() {
  const UniqueFd listener = listen_on_loopback(port_);
  const pid_t parent = ::getpid();
  pid_ = check(::fork(), "fork");
  if (pid_ != 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(0);
  try {
    serve(listener);
  } catch (const std::system_error&) {
    ::_exit(1);  // its clients see that it has gone
  }
}

EchoServer::~EchoServer() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

}  // namespace rota::bench
