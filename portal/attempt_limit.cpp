#include "portal/attempt_limit.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace rota::portal {

using std::chrono::milliseconds;

milliseconds AttemptLimit::pause_of(const std::string& address, Nanoseconds now) const {
  const auto found = failures_.find(address_group(address));
  if (found == failures_.end() || found->second.until <= now) return milliseconds(0);
  return std::chrono::ceil<milliseconds>(found->second.until - now);
}

void AttemptLimit::failed(const std::string& address, Nanoseconds now) {
  const std::string group = address_group(address);
  if (!failures_.contains(group)) make_room(now);
  Failures& failures = failures_[group];
  if (is_forgotten(failures, now)) failures.count = 0;
  failures.last = now;
  ++failures.count;
  if (failures.count <= bounds_.free) return;
  const unsigned doublings = std::min(failures.count - bounds_.free - 1, 30u);
  failures.until =
      now + std::min(milliseconds(bounds_.first_pause.count() << doublings), bounds_.longest_pause);
}

bool AttemptLimit::is_forgotten(const Failures& failures, Nanoseconds now) const {
  return failures.count > 0 && now - failures.last >= bounds_.memory;
}

void AttemptLimit::make_room(Nanoseconds now) {
  if (failures_.size() < bounds_.addresses) return;
  std::erase_if(failures_, [&](const auto& entry) { return is_forgotten(entry.second, now); });
  if (failures_.size() < bounds_.addresses) return;
  failures_.erase(std::min_element(failures_.begin(), failures_.end(), [](const auto& a, const auto& b) {
    return a.second.until < b.second.until;
  }));
}

std::string address_group(const std::string& ip_address) {
  in6_addr address{};
  if (::inet_pton(AF_INET6, ip_address.c_str(), &address) != 1) return ip_address;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    ::inet_ntop(AF_INET, &address.s6_addr[12], text.data(), text.size());
    return text.data();
  }
  std::fill(std::begin(address.s6_addr) + 8, std::end(address.s6_addr), 0);
  ::inet_ntop(AF_INET6, &address, text.data(), text.size());
  return std::string(text.data()) + "/64";
}

}  // namespace rota::portal
