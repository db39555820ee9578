#include "portal/tokens.hpp"

#include <openssl/crypto.h>

#include <tuple>

#include "base/encoding.hpp"

namespace rota::portal {
namespace {

bool is_in_time(const std::optional<UtcTime>& expires, UtcTime now) {
  return !expires || now < *expires;
}

}  // namespace

Tokens::Tokens(std::filesystem::path file, std::function<void(const std::string&)> on_problem)
    : file_(std::move(file)), on_problem_(std::move(on_problem)) {
  has_changed();
  read();
}

void Tokens::read() {
  records_ = read_token_file(file_);
  expiry_.clear();
  for (const TokenRecord& record : records_) expiry_.emplace(record.id, record.expires);
}

std::optional<Tokens::Stamp> Tokens::stamp() const {
  struct stat status {};
  if (::stat(file_.c_str(), &status) != 0) return std::nullopt;
  return Stamp{status.st_ino, status.st_size, status.st_mtim};
}

bool Tokens::has_changed() {
  const auto key = [](const Stamp& stamp) {
    return std::tuple(stamp.inode, stamp.size, stamp.changed.tv_sec, stamp.changed.tv_nsec);
  };
  const auto now = stamp();
  const bool same = now.has_value() == seen_.has_value() && (!now || key(*now) == key(*seen_));
  seen_ = now;
  return !same;
}

void Tokens::refresh() {
  if (!has_changed()) return;
  try {
    read();
  } catch (const std::exception& error) {
    on_problem_(error.what());
  }
}

std::optional<Identity> Tokens::identify(std::string_view token, UtcTime now) const {
  const std::string hash = sha256_hex(token);
  const TokenRecord* found = nullptr;
  for (const TokenRecord& record : records_) {
    if (CRYPTO_memcmp(record.sha256.data(), hash.data(), hash.size()) == 0) found = &record;
  }
  if (found == nullptr || !is_in_time(found->expires, now)) return std::nullopt;
  return Identity{found->role, found->user, found->id};
}

bool Tokens::is_good(const std::string& id, UtcTime now) const {
  const auto found = expiry_.find(id);
  return found != expiry_.end() && is_in_time(found->second, now);
}

}  // namespace rota::portal
