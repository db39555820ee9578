#pragma once
// Who may connect to the node, and how the node shows a portal that it joins who it is: the options for it, and what they
// name, read from its files.

#include <CLI/App.hpp>
#include <filesystem>
#include <string>

#include "net/entry.hpp"
#include "net/listener.hpp"
#include "net/tls_context.hpp"

namespace rota::node {

struct EntryOptions {
  net::KeyPairFiles own;            // certificate and key; empty: no TLS
  std::filesystem::path client_ca;  // whoever connects has a certificate of this CA, as portals have
  bool insecure = false;            // an address that others reach, without one of these
  std::string ca, pin;              // of the portals to join; both empty: no TLS
  std::string token_file;           // empty: none is sent
};

void declare_entry(CLI::App& app, EntryOptions& options);

// Throws std::invalid_argument where they do not go together.
void check_entry(const EntryOptions& options);

// Both throw std::runtime_error or std::invalid_argument that names the file and what is wrong with it.
net::Protection protection_of(const EntryOptions& options);
net::Credentials credentials_of(const EntryOptions& options);

}  // namespace rota::node
