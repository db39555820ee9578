#include "client/setting_flags.hpp"

#include <fmt/format.h>

#include "client/client_error.hpp"
#include "client/exit_status.hpp"

namespace rota::client {

void SettingFlags::add(CLI::App& verb, const char* key, const char* flag, const char* value,
                       const char* help) {
  verb.add_option_function<std::string>(
          flag, [this, key](const std::string& text) { given_[key] = text; }, help)
      ->type_name(value)
      ->group("Settings");
}

void SettingFlags::add_to(CLI::App& verb) {
  add(verb, "portal", "--portal", "HOST:PORT[,…]",
      "The portal, or several of one cluster; else ROTA_PORTAL, \"portal\" in .rota.json here or above, or "
      "in "
      "~/.config/rota/config.json");
  add(verb, "connect_timeout", "--connect-timeout", "DURATION", "Give up connecting after this long (5s)");
  add(verb, "tls_ca", "--tls-ca", "FILE",
      "Speak TLS to the portal, whose certificate this CA has signed; `system`: one of the machine's");
  add(verb, "tls_pin", "--tls-pin", "SHA256",
      "Speak TLS to the portal, whose certificate has this fingerprint");
  add(verb, "token_file", "--token-file", "FILE",
      "File of the token that says who you are; else ROTA_TOKEN, the token itself");
  add(verb, "log", "--log", "FILE", "The client's event log (~/.local/state/rota/client.log)");
}

void SettingFlags::add_schedule_to(CLI::App& verb) {
  add(verb, "schedule", "--schedule", "HOW",
      "How the portal picks a node: random (or 1), round-robin (or 2), least-loaded; else as the portal "
      "likes");
}

Settings SettingFlags::load() const {
  return load_settings(SettingSources::of_process(given_));
}

const std::vector<net::Address>& required_portals(const Settings& settings) {
  if (!settings.portals.empty()) return settings.portals;
  throw ClientError(
      kUsage,
      "no portal is configured. Name one with --portal HOST:PORT, in the environment (ROTA_PORTAL), or "
      "as {\"portal\": \"HOST:PORT\"} in .rota.json or ~/.config/rota/config.json; `rota run FILE` needs "
      "none");
}

std::string unreachable_hint(const Settings& settings) {
  return fmt::format(
      "; the address comes from {}. Check that rota-portal runs there and that the port is right",
      settings.portal_origin);
}

}  // namespace rota::client
