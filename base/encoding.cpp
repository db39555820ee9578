#include "base/encoding.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <utf8.h>

#include <array>
#include <stdexcept>

namespace rota {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// EVP_EncodeBlock and EVP_DecodeBlock count in int; pieces of this size (a multiple of 3 and of 4) stay far
// below.
constexpr std::size_t kPiece = 3 * (1 << 20);

// OpenSSL skips white space and takes text whose last group has stray bits; canonical text survives a round
// trip.
bool is_canonical_tail(std::string_view text, std::string_view decoded) {
  const std::size_t tail = decoded.size() % 3 == 0 ? 3 : decoded.size() % 3;
  return decoded.empty() ||
         base64_encode(decoded.substr(decoded.size() - tail)) == text.substr(text.size() - 4);
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  return utf8::is_valid(bytes.begin(), bytes.end());
}

std::string base64_encode(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL writes a closing NUL
  std::size_t written = 0;
  for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
    const auto piece = bytes.substr(at, kPiece);
    written +=
        static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()) + written,
                                                 bytes_of(piece), static_cast<int>(piece.size())));
  }
  text.resize(written);
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  if (text.substr(0, text.size() - padding).find_first_not_of(alphabet) != std::string_view::npos)
    return std::nullopt;

  std::string bytes(text.size() / 4 * 3, '\0');
  std::size_t written = 0;
  for (std::size_t at = 0; at < text.size(); at += kPiece) {
    const auto piece = text.substr(at, kPiece);
    const int decoded = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()) + written,
                                        bytes_of(piece), static_cast<int>(piece.size()));
    if (decoded < 0) return std::nullopt;
    written += static_cast<std::size_t>(decoded);
  }
  bytes.resize(written - padding);
  if (!is_canonical_tail(text, bytes)) return std::nullopt;
  return bytes;
}

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 failed in libcrypto");
  }
  std::string text;
  for (unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace rota
