#include "client/credentials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "client/client_error.hpp"
#include "client/exit_status.hpp"

namespace rota::client {
namespace {

bool is_own(const Settings& settings, const net::Address& portal) {
  return std::any_of(settings.own_portals.begin(), settings.own_portals.end(), [&](const net::Address& own) {
    return own.host == portal.host && own.port == portal.port;
  });
}

bool is_this_machine(const net::Address& portal) {
  return portal.host == "localhost" || net::is_loopback(portal.host);
}

[[noreturn]] void refuse(const Settings& settings, const net::Address& portal) {
  const auto address = net::address_text(portal.host, portal.port);
  throw ClientError(
      kUsage,
      fmt::format("your token is not given to {0}, which only {1} names: say --portal {0}, or put it into "
                  "your own configuration, if you trust it with the token",
                  address, settings.portal_origin));
}

// Whether the portals of these settings may have the token.
bool may_have_token(const Settings& settings) {
  for (const net::Address& portal : settings.portals) {
    if (is_own(settings, portal)) continue;
    if (is_this_machine(portal)) return false;
    refuse(settings, portal);
  }
  return true;
}

}  // namespace

SessionOptions session_options(const Settings& settings) {
  SessionOptions options;
  options.connect_timeout = settings.connect_timeout;
  try {
    options.credentials.tls = net::client_tls(settings.tls_ca, settings.tls_pin);
    const bool has_token = !settings.token.empty() || !settings.token_file.empty();
    if (!has_token || !may_have_token(settings)) return options;
    options.credentials.token =
        settings.token.empty() ? net::read_token(settings.token_file) : settings.token;
  } catch (const std::runtime_error& error) {
    throw ClientError(kUsage, error.what());
  }
  return options;
}

}  // namespace rota::client
