#pragma once
// What the options on who may come in name, read from its files.

#include <functional>
#include <memory>
#include <string>

#include "net/listener.hpp"
#include "portal/options.hpp"
#include "portal/tokens.hpp"

namespace rota::portal {

// All throw std::runtime_error that names the file and what is wrong with it.

net::Protection protection_of(const EntryOptions& options);

// Null where nobody is asked for a token.
std::unique_ptr<Tokens> tokens_of(const EntryOptions& options,
                                  std::function<void(const std::string& problem)> on_problem);

// For the connections to nodes, which ask for a certificate of ours; null: plain.
std::shared_ptr<const net::TlsContext> node_tls_of(const EntryOptions& options);

// Throws where others than this machine can connect and nobody is asked who he is, unless that is wanted.
void refuse_open_door(const EntryOptions& options, const net::Listener& listener);

}  // namespace rota::portal
