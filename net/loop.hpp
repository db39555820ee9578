#pragma once
// One libuv loop, run by one thread. Callbacks exist only in this folder's wrappers; what their bodies throw
// is caught at the boundary (nothing may be thrown through libuv's C frames) and ends run() with that
// exception.

#include <uv.h>

#include <array>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "net/stream_memory.hpp"
#include "net/turn_end.hpp"

namespace rota::net {

class Loop {
 public:
  Loop();
  ~Loop();  // waits for handles that are closing; every wrapper must have gone before
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  uv_loop_t* raw() { return &loop_; }

  // Until stop() or until nothing is left to wait for. Throws what a callback threw.
  void run();
  void stop() { uv_stop(&loop_); }

  // Runs a callback's body; keeps the first exception for run().
  template <typename Body>
  void guard(Body&& body) noexcept {
    try {
      std::forward<Body>(body)();
    } catch (...) {
      if (!failure_) failure_ = std::current_exception();
      stop();
    }
  }

  // What the connections keep; see PacketStream.
  StreamMemory& stream_memory() { return stream_memory_; }

  TurnEnd& turn_end() { return *turn_end_; }

  // Where every connection's read lands before it is handed on: reads of one loop never overlap.
  uv_buf_t read_buffer() { return uv_buf_init(read_buffer_.data(), read_buffer_.size()); }

 private:
  uv_loop_t loop_{};
  std::exception_ptr failure_;
  StreamMemory stream_memory_;
  std::unique_ptr<TurnEnd> turn_end_;  // has handles of its own
  std::array<char, 64 << 10> read_buffer_{};
};

// Raises the soft limit of open files (RLIMIT_NOFILE; often 1024, for the sake of select(2), which nothing
// here uses) to the hard one, which is what the administrator grants, see getrlimit(2). Returns it.
std::size_t raise_descriptor_limit();

// Throws std::runtime_error with libuv's own words when code is negative; otherwise returns it.
int check_uv(int code, const std::string& what);

// "host:port" for messages and logs; IPv6 addresses in brackets.
std::string address_text(const std::string& host, int port);

// Whether an IP address in text form is one of this machine's own, which nobody else can reach: 127.0.0.0/8, ::1, and the
// former mapped into IPv6. False for names.
bool is_loopback(const std::string& ip_address);

struct Address {
  std::string host;
  int port = 0;
};

// Reads "HOST:PORT", "[IPV6]:PORT" or a bare "PORT" (host 127.0.0.1). Port 0 to 65535. Throws
// std::invalid_argument that says what is wrong.
Address parse_address(const std::string& text);

}  // namespace rota::net
