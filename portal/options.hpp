#pragma once
// The portal's command line and configuration file: one table, declared in options.cpp.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "net/loop.hpp"
#include "net/tls_context.hpp"
#include "portal/dispatcher.hpp"
#include "portal/gate.hpp"
#include "portal/store.hpp"

namespace rota::portal {

// Who may come in, and how that is made sure.
struct EntryOptions {
  net::KeyPairFiles own;  // certificate and key; empty: no TLS
  std::filesystem::path
      tls_ca;  // nodes on the command line are connected to in TLS, and have certificates of this CA
  std::filesystem::path tokens;  // file; empty: nobody is asked for a token
  bool require_token = false;    // also over loopback
  bool insecure = false;         // an address that others reach, without TLS or without tokens
  GateBounds gate;
};

struct Options {
  net::Address listen{"127.0.0.1", 4000};
  std::vector<net::Address> nodes;
  std::string name;                 // in events and logs; empty: "HOSTNAME:PORT"
  std::filesystem::path state_dir;  // holds events.log
  std::uint64_t seed = 0;           // of the random choice of nodes
  std::string store;  // "sqlite:FILE", "memory", or a PostgreSQL URL; empty: jobs.sqlite in the state folder
  StoreBounds bounds;
  DispatcherBounds dispatcher;
  EntryOptions entry;
  int ready_fd = -1;  // gets "HOST:PORT\n" once clients are accepted
};

// Whether a store of this name is a PostgreSQL database.
bool is_postgres_url(const std::string& store);

// Returns the options, or the status to exit with (0 after --help and --version, 64 for a usage error, which
// has been told on stderr).
struct ParsedOptions {
  Options options;
  int exit_status = -1;  // -1: go on
};
ParsedOptions parse_options(int argc, const char* const* argv);

}  // namespace rota::portal
