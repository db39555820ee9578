#include "net/listener.hpp"

#include <array>

#include "net/tls_layer.hpp"

namespace rota::net {
namespace {

constexpr int kBacklog = 511;

sockaddr_storage resolve(Loop& loop, const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  uv_getaddrinfo_t request{};
  const auto service = std::to_string(port);
  // Without a callback libuv resolves at once; a daemon may wait for its own address at start.
  check_uv(uv_getaddrinfo(loop.raw(), &request, nullptr, host.c_str(), service.c_str(), &hints),
           "look up " + host);
  sockaddr_storage address{};
  std::copy_n(reinterpret_cast<const char*>(request.addrinfo->ai_addr), request.addrinfo->ai_addrlen,
              reinterpret_cast<char*>(&address));
  uv_freeaddrinfo(request.addrinfo);
  return address;
}

std::string ip_text(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  uv_ip_name(reinterpret_cast<const sockaddr*>(&address), text.data(), text.size());
  return text.data();
}

}  // namespace

Listener::Listener(Loop& loop, const std::string& host, int port,
                   std::function<void(std::unique_ptr<PacketStream>)> on_accept, Start start,
                   Protection protection)
    : loop_(loop),
      socket_(new uv_tcp_t{}),
      on_accept_(std::move(on_accept)),
      protection_(std::move(protection)),
      host_(host) {
  uv_tcp_init(loop.raw(), socket_.get());
  socket_->data = this;
  const auto where = "listen on " + address_text(host, port);
  auto address = resolve(loop, host, port);
  is_loopback_ = net::is_loopback(ip_text(address));
  if (!is_loopback_ && !protection_.tls && !protection_.is_insecure_wanted) {
    throw std::runtime_error(
        where +
        ": others than this machine can reach it. Give --tls-cert FILE and --tls-key FILE, or "
        "--insecure where everybody who can connect is to be trusted");
  }
  check_uv(uv_tcp_bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), 0), where);
  sockaddr_storage bound{};
  int size = sizeof bound;
  check_uv(uv_tcp_getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&bound), &size), where);
  port_ = ntohs(reinterpret_cast<sockaddr_in*>(&bound)->sin_port);
  if (start == Start::now) listen();
}

void Listener::listen() {
  check_uv(uv_listen(reinterpret_cast<uv_stream_t*>(socket_.get()), kBacklog, on_connection),
           "listen on " + address_text(host_, port_));
}

void Listener::on_connection(uv_stream_t* handle, int status) {
  auto* self = static_cast<Listener*>(handle->data);
  // A failed accept (such as EMFILE: libuv gives the connection up and goes on) concerns that one peer only.
  if (self == nullptr || status < 0) return;
  self->loop_.guard([&] {
    HandlePtr<uv_tcp_t> socket(new uv_tcp_t{});
    uv_tcp_init(self->loop_.raw(), socket.get());
    if (uv_accept(handle, reinterpret_cast<uv_stream_t*>(socket.get())) < 0) return;
    const auto on_accept = self->on_accept_;  // a copy: the callback may destroy this listener
    const auto& tls = self->protection_.tls;
    on_accept(std::make_unique<PacketStream>(self->loop_, std::move(socket),
                                             tls ? std::make_unique<TlsLayer>(tls) : nullptr));
  });
}

}  // namespace rota::net
