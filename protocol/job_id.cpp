#include "protocol/job_id.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <chrono>
#include <cstdint>

#include "base/check.hpp"

namespace rota::protocol {
namespace {

constexpr std::size_t kTextLength = 36;

bool is_hyphen_place(std::size_t at) {
  return at == 8 || at == 13 || at == 18 || at == 23;
}

bool is_lower_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

}  // namespace

std::string make_job_id(UtcTime time) {
  std::array<std::uint8_t, 16> bytes{};
  // Up to 256 bytes come whole and uninterrupted once the pool is ready, see getrandom(2).
  check(::getrandom(bytes.data(), bytes.size(), 0), "getrandom");

  const auto since_1970 = std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch();
  const auto milliseconds = static_cast<std::uint64_t>(since_1970.count());
  for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * i));
  bytes[6] = static_cast<std::uint8_t>(0x70 | (bytes[6] & 0x0f));  // version 7
  bytes[8] = static_cast<std::uint8_t>(0x80 | (bytes[8] & 0x3f));  // the variant of RFC 9562

  std::string text;
  for (std::uint8_t byte : bytes) {
    if (is_hyphen_place(text.size())) text += '-';
    text += fmt::format("{:02x}", byte);
  }
  return text;
}

bool is_job_id(std::string_view text) {
  if (text.size() != kTextLength) return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_hyphen_place(at) ? text[at] != '-' : !is_lower_hex(text[at])) return false;
  }
  return true;
}

}  // namespace rota::protocol
