#pragma once
// The file that says which tokens are good: one JSON object a line, of mode 0600, replaced as a whole. It holds hashes, not
// tokens: who reads it cannot speak for anybody. A token has 256 random bits, so one round of SHA-256 is enough; slow
// hashes are for what people make up.
//
//   {"id":"5f0c93aa","sha256":"…","role":"submit","user":"ana","created":"2026-11-23T09:01:54.000000000Z",
//    "expires":"2027-01-01T00:00:00.000000000Z"}

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "base/unique_fd.hpp"
#include "portal/access.hpp"

namespace rota::portal {

struct TokenRecord {
  std::string id;      // 8 hexadecimal digits, for people
  std::string sha256;  // of the token's text, 64 hexadecimal digits
  Role role = Role::submit;
  std::string user;
  UtcTime created{};
  std::optional<UtcTime> expires;
  bool operator==(const TokenRecord&) const = default;
};

inline constexpr std::size_t kMaxTokens = 10'000;

// "rota_" and 43 characters of base64url (RFC 4648 section 5): 256 bits of the system's generator.
std::string make_token();

// One for that token, with an id of its own.
TokenRecord record_of(const std::string& token, Role role, std::string user, UtcTime created,
                      std::optional<UtcTime> expires);

// 1 to 64 letters, digits and . _ - @. Throws std::invalid_argument.
void check_user_name(const std::string& user);

// Strict: throws std::runtime_error "FILE:LINE: key …" for anything that the page above does not say.
std::vector<TokenRecord> read_token_file(const std::filesystem::path& file);
std::vector<TokenRecord> parse_tokens(const std::string& text, const std::string& file);

std::string to_text(const std::vector<TokenRecord>& records);
void write_token_file(const std::filesystem::path& file, const std::vector<TokenRecord>& records);

// Held while a file is read, changed and written back, so that of two who do so at once none undoes the other's work.
// Waits. The file's folder has to be there.
UniqueFd lock_token_file(const std::filesystem::path& file);

}  // namespace rota::portal
