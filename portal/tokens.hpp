#pragma once
// The tokens that a running portal takes: those of its file, which is read again whenever it has changed, so that nobody
// has to restart anything to give or revoke one.

#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "portal/token_file.hpp"

namespace rota::portal {

class Tokens {
 public:
  // Throws what read_token_file() throws. on_problem: the file has become unreadable, and what it said before goes on; in
  // its words. Called once for each change of the file.
  Tokens(std::filesystem::path file, std::function<void(const std::string& problem)> on_problem);

  // Looks whether the file has changed (stat(2): another inode, size or time), and reads it then.
  void refresh();

  // Who a token speaks for; nullopt: nobody, or nobody any more. Looks at every record whatever it finds, and compares in
  // constant time, so that the time it takes tells nothing.
  std::optional<Identity> identify(std::string_view token, UtcTime now) const;

  // Whether the token of this id is there and has not expired.
  bool is_good(const std::string& id, UtcTime now) const;

 private:
  struct Stamp {
    ino_t inode = 0;
    off_t size = 0;
    timespec changed{};
  };
  std::optional<Stamp> stamp() const;
  bool has_changed();
  void read();

  std::filesystem::path file_;
  std::function<void(const std::string&)> on_problem_;
  std::optional<Stamp> seen_;
  std::vector<TokenRecord> records_;
  std::unordered_map<std::string, std::optional<UtcTime>> expiry_;  // by id
};

}  // namespace rota::portal
