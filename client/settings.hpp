#pragma once
// What `rota` is told about the world: each setting can stand in a flag, an environment variable, a project
// file (.rota.json, searched from the working folder upwards, of the caller's own or root's) and the user's
// file ($XDG_CONFIG_HOME/rota/config.json, ~/.config when unset). The first of these that names it wins. Both
// files are one JSON object of strings: {"portal": "judge.example:4000"}. The table in settings.cpp declares
// each setting once.

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "net/loop.hpp"
#include "protocol/packets.hpp"

namespace rota::client {

struct Settings {
  std::vector<net::Address>
      portals;  // of one cluster, in the order in which they are tried; empty: none configured
  std::vector<net::Address>
      own_portals;            // that the user has named, wherever; not a project file: see credentials.hpp
  std::string portal_origin;  // where it was named, for messages: "ROTA_PORTAL", "/home/x/.rota.json", …
  std::optional<protocol::Schedule> schedule;
  std::chrono::milliseconds connect_timeout{5000};
  std::string tls_ca;         // file, or "system"; with it or a pin, TLS is spoken to the portals
  std::string tls_pin;        // SHA-256 fingerprint of their certificate
  std::string token_file;     // empty: none
  std::string token;          // itself, from the environment
  std::filesystem::path log;  // the client's event log
  std::filesystem::path
      cache;  // folder for what can be made again: $XDG_CACHE_HOME/rota, ~/.cache/rota when unset
};

// Where settings are looked for; tests put their own in.
struct SettingSources {
  std::map<std::string, std::string> flags;  // by key: "portal", "schedule", "connect_timeout", "log"
  std::function<std::optional<std::string>(const std::string& name)> environment;
  std::filesystem::path working_folder;

  // The process's own environment and working folder.
  static SettingSources of_process(std::map<std::string, std::string> flags);
};

// Throws ClientError{kUsage} that names the file (or variable, or flag), the key, and what is wrong with it.
Settings load_settings(const SettingSources& sources);

// HOST:PORT with both parts and a port from 1 to 65535. Throws std::invalid_argument.
net::Address parse_portal(const std::string& text);

// One or several with commas between, kMaxPortals at most. Throws std::invalid_argument.
inline constexpr std::size_t kMaxPortals = 16;
std::vector<net::Address> parse_portals(const std::string& text);

// A schedule by name, or 1 (random) and 2 (round-robin) as in the dialogue. Throws std::invalid_argument.
protocol::Schedule parse_schedule(const std::string& text);

}  // namespace rota::client
