#pragma once
// One libuv loop, run by one thread; what callbacks throw is caught at the boundary (nothing may be thrown through
// libuv's C frames), reported on stderr, and ends the loop with an error.

#include <uv.h>

#include <functional>
#include <string>

namespace rota::net {

class Loop {
 public:
  Loop();
  ~Loop();  // closes what is still open
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  uv_loop_t* raw() { return &loop_; }

  // Until stop() or until nothing is left to wait for. Throws what a callback threw.
  void run();
  void stop() { uv_stop(&loop_); }

  // Runs a callback's body; keeps the first exception for run().
  void guard(const std::function<void()>& body);

 private:
  uv_loop_t loop_{};
  std::exception_ptr failure_;
};

// "host:port" for messages and logs; IPv6 addresses in brackets.
std::string address_text(const std::string& host, int port);

// Throws std::runtime_error with libuv's own words when code is negative.
int check_uv(int code, const std::string& what);

}  // namespace rota::net
