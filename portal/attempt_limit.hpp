#pragma once
// How often an address may fail to say who it is: a few times at once, and then after a pause that doubles with each
// failure. A token of 256 random bits is not guessed; what this bounds is the work and the log lines of those who try.

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

#include "base/time.hpp"

namespace rota::portal {

struct AttemptBounds {
  unsigned free = 5;
  std::chrono::milliseconds first_pause{200};
  std::chrono::milliseconds longest_pause{60'000};
  std::chrono::milliseconds memory{600'000};  // after so long without a failure an address is a new one
  std::size_t addresses = 4096;  // that are remembered; then the one whose pause ends first is forgotten
};

class AttemptLimit {
 public:
  explicit AttemptLimit(AttemptBounds bounds = {}) : bounds_(bounds) {}

  // How long the address has to wait before it is listened to; 0: not at all. now: monotonic.
  std::chrono::milliseconds pause_of(const std::string& address, Nanoseconds now) const;

  void failed(const std::string& address, Nanoseconds now);

  std::size_t size() const { return failures_.size(); }

 private:
  struct Failures {
    unsigned count = 0;
    Nanoseconds last{};
    Nanoseconds until{};  // not listened to before
  };
  bool is_forgotten(const Failures& failures, Nanoseconds now) const;
  void make_room(Nanoseconds now);

  AttemptBounds bounds_;
  std::map<std::string, Failures> failures_;
};

// Whoever has one IPv6 address has its whole /64 (RFC 6177), so these are one; IPv4 addresses stand for themselves, also
// where they come mapped into IPv6.
std::string address_group(const std::string& ip_address);

}  // namespace rota::portal
