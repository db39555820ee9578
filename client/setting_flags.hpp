#pragma once
// The flags that stand for settings (settings.hpp), as a verb offers them.

#include <CLI/App.hpp>
#include <map>
#include <string>

#include "client/settings.hpp"

namespace rota::client {

class SettingFlags {
 public:
  // --portal, --connect-timeout and --log.
  void add_to(CLI::App& verb);
  // --schedule as well.
  void add_schedule_to(CLI::App& verb);

  // The settings with these flags on top. Throws ClientError{kUsage}.
  Settings load() const;

 private:
  void add(CLI::App& verb, const char* key, const char* flag, const char* value, const char* help);

  std::map<std::string, std::string> given_;
};

// The portals. Throws ClientError{kUsage} that says how to name one where none is configured.
const std::vector<net::Address>& required_portals(const Settings& settings);

// What to say behind "cannot connect to …": where the address came from and what to check.
std::string unreachable_hint(const Settings& settings);

}  // namespace rota::client
