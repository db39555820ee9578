#include "net/loop.hpp"

#include <sys/resource.h>

#include <charconv>
#include <stdexcept>

namespace rota::net {

Loop::Loop() {
  check_uv(uv_loop_init(&loop_), "start the event loop");
  turn_end_ = std::make_unique<TurnEnd>(*this);
}

Loop::~Loop() {
  turn_end_.reset();
  while (uv_loop_close(&loop_) == UV_EBUSY) uv_run(&loop_, UV_RUN_ONCE);
}

void Loop::run() {
  uv_run(&loop_, UV_RUN_DEFAULT);
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);  // never refused: the hard limit stays as it is
  return limit.rlim_cur;
}

int check_uv(int code, const std::string& what) {
  if (code < 0) throw std::runtime_error(what + ": " + uv_strerror(code));
  return code;
}

std::string address_text(const std::string& host, int port) {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool is_loopback(const std::string& ip_address) {
  in_addr v4{};
  in6_addr v6{};
  if (uv_inet_pton(AF_INET, ip_address.c_str(), &v4) == 0) return (ntohl(v4.s_addr) >> 24) == 127;
  if (uv_inet_pton(AF_INET6, ip_address.c_str(), &v6) != 0) return false;
  return IN6_IS_ADDR_LOOPBACK(&v6) || (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == 127);
}

Address parse_address(const std::string& text) {
  const auto colon = text.rfind(':');
  Address address{colon == std::string::npos ? "127.0.0.1" : text.substr(0, colon), 0};
  if (address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']') {
    address.host = address.host.substr(1, address.host.size() - 2);
  } else if (address.host.empty() || address.host == "[]" || address.host.find(':') != std::string::npos) {
    throw std::invalid_argument("'" + text +
                                "' is not HOST:PORT; an IPv6 address stands in brackets: [::1]:4000");
  }
  const std::string port = colon == std::string::npos ? text : text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  const bool whole = error == std::errc() && end == port.data() + port.size();
  if (!whole || address.port < 0 || address.port > 65535) {
    throw std::invalid_argument("'" + port + "' in '" + text +
                                "' is not a port: give a number from 0 to 65535");
  }
  return address;
}

}  // namespace rota::net
