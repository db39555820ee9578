#include "judge-node/entry_options.hpp"

#include <CLI/CLI.hpp>
#include <stdexcept>

namespace rota::node {
namespace {

constexpr const char* kGroup = "TLS and tokens (rota-portal init makes these files)";

void declare_listening(CLI::App& app, EntryOptions& options) {
  app.add_option("--tls-cert", options.own.certificate,
                 "Certificate of this node, PEM; with it TLS is spoken, and nothing else")
      ->option_text("FILE")
      ->group(kGroup);
  app.add_option("--tls-key", options.own.key, "Its private key, PEM")->option_text("FILE")->group(kGroup);
  app.add_option("--tls-client-ca", options.client_ca,
                 "CA of the portals: only who shows a certificate for clients of this CA may connect")
      ->option_text("FILE")
      ->group(kGroup);
  app.add_flag("--insecure", options.insecure,
               "Listen where others can connect, without TLS: who connects is trusted with everything")
      ->group(kGroup);
}

void declare_joining(CLI::App& app, EntryOptions& options) {
  app.add_option("--tls-ca", options.ca,
                 "CA of the portals to join, a file or `system`; with it TLS is spoken to them")
      ->option_text("FILE")
      ->group(kGroup);
  app.add_option("--tls-pin", options.pin,
                 "SHA-256 fingerprint of their certificate, in place of a CA or beside it")
      ->option_text("SHA256")
      ->group(kGroup);
  app.add_option("--token-file", options.token_file, "File of the token that is shown to the portals to join")
      ->option_text("FILE")
      ->group(kGroup);
}

}  // namespace

void declare_entry(CLI::App& app, EntryOptions& options) {
  declare_listening(app, options);
  declare_joining(app, options);
}

void check_entry(const EntryOptions& options) {
  const bool has_tls = !options.own.certificate.empty();
  if (has_tls == options.own.key.empty()) throw std::invalid_argument("--tls-cert and --tls-key go together");
  if (!has_tls && !options.client_ca.empty())
    throw std::invalid_argument("--tls-client-ca needs --tls-cert and --tls-key");
  if (!has_tls || !options.client_ca.empty() || options.insecure) return;
  throw std::invalid_argument(
      "--tls-cert needs --tls-client-ca FILE, or everybody who can connect may have programs run; --insecure "
      "where they may");
}

net::Protection protection_of(const EntryOptions& options) {
  net::Protection protection;
  protection.is_insecure_wanted = options.insecure;
  if (!options.own.certificate.empty())
    protection.tls = net::TlsContext::for_server({options.own, options.client_ca});
  return protection;
}

net::Credentials credentials_of(const EntryOptions& options) {
  net::Credentials credentials{.tls = net::client_tls(options.ca, options.pin), .token = ""};
  if (!options.token_file.empty()) credentials.token = net::read_token(options.token_file);
  return credentials;
}

}  // namespace rota::node
