#include "portal/entry_files.hpp"

#include <stdexcept>

namespace rota::portal {

net::Protection protection_of(const EntryOptions& options) {
  net::Protection protection;
  protection.is_insecure_wanted = options.insecure;
  if (!options.own.certificate.empty()) protection.tls = net::TlsContext::for_server({options.own, ""});
  return protection;
}

std::unique_ptr<Tokens> tokens_of(const EntryOptions& options,
                                  std::function<void(const std::string&)> on_problem) {
  if (options.tokens.empty()) return nullptr;
  return std::make_unique<Tokens>(options.tokens, std::move(on_problem));
}

std::shared_ptr<const net::TlsContext> node_tls_of(const EntryOptions& options) {
  if (options.tls_ca.empty()) return nullptr;
  net::TlsClientSettings settings;
  settings.ca = options.tls_ca.string();
  if (!options.own.certificate.empty()) settings.own = options.own;
  return net::TlsContext::for_client(settings);
}

void refuse_open_door(const EntryOptions& options, const net::Listener& listener) {
  if (listener.is_loopback() || !options.tokens.empty() || options.insecure) return;
  throw std::runtime_error(
      "listen on " + net::address_text(listener.host(), listener.port()) +
      ": others than this machine can reach it, and nobody is asked for a token. Give --tokens FILE "
      "(rota-portal init makes one), or --insecure where everybody who can connect is to be trusted");
}

}  // namespace rota::portal
