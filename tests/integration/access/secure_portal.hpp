#pragma once
// A portal of its own with the files of `rota-portal init`, as a real process on loopback.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "base/temp_dir.hpp"
#include "tests/support/daemon.hpp"
#include "tests/support/packet_client.hpp"

namespace rota::test {

class SecurePortal {
 public:
  using Flags = std::vector<std::string>;

  explicit SecurePortal(Flags flags = {}, Flags init_flags = {"--host", "localhost", "--node", "judge-a"}) {
    Flags init{"init", "--dir", path("cluster")};
    init.insert(init.end(), init_flags.begin(), init_flags.end());
    const auto made = run_to_end(program_path("rota-portal"), init);
    EXPECT_EQ(made.status, 0) << made.output;
    told = made.output;
    start(std::move(flags));
  }

  // TLS and tokens.
  static Flags with_tls(const SecurePortal& portal) {
    return {"--tls-cert", portal.path("cluster/portal.crt"), "--tls-key", portal.path("cluster/portal.key")};
  }

  void start(Flags flags) {
    Flags arguments{"--listen",    "127.0.0.1:0", "--name",   "portal",
                    "--state-dir", path("state"), "--tokens", path("cluster/tokens")};
    if (flags.empty()) flags = with_tls(*this);
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    daemon = std::make_unique<Daemon>(program_path("rota-portal"), arguments);
  }

  std::string path(const std::string& name) const { return (folder.path() / name).string(); }

  static std::string text_of(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }

  std::string token_in(const std::string& name) const {
    std::string text = text_of(path(name));
    return text.substr(0, text.find('\n'));
  }

  // A file with a new token.
  std::string give(const std::string& role, const std::string& user, Flags flags = {}) {
    std::string file = path(user + "-" + role + ".token");
    if (std::filesystem::exists(file)) file += ".2";
    Flags arguments{"token", "add",   "--tokens", path("cluster/tokens"), "--role", role, "--user",
                    user,    "--out", file};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const auto added = run_to_end(program_path("rota-portal"), arguments);
    EXPECT_EQ(added.status, 0) << added.output;
    told += added.output;
    return file;
  }

  // The ids of a user's tokens are in the list; the first of them.
  void revoke(const std::string& user) {
    const auto list =
        run_to_end(program_path("rota-portal"), {"token", "list", "--tokens", path("cluster/tokens")});
    std::istringstream lines(list.output);
    for (std::string line; std::getline(lines, line);) {
      if (line.find(" " + user + " ") == std::string::npos) continue;
      const auto revoked = run_to_end(program_path("rota-portal"), {"token", "revoke", line.substr(0, 8),
                                                                    "--tokens", path("cluster/tokens")});
      EXPECT_EQ(revoked.status, 0) << revoked.output;
      return;
    }
    ADD_FAILURE() << "no token of " << user << " in: " << list.output;
  }

  PacketClient connect() const { return {daemon->host(), daemon->port()}; }
  std::string log() const { return text_of(path("state/events.log")); }

  TempDir folder{"rota-secure-"};
  std::string told;  // what init and token printed
  std::unique_ptr<Daemon> daemon;
};

// For the tests that speak packets: no TLS, but a token of everybody.
inline const SecurePortal::Flags kPlainWithTokens{"--require-token"};

}  // namespace rota::test
