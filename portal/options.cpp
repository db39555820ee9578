#include "portal/options.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <random>

#include "base/daemon.hpp"
#include "portal/postgres/url.hpp"
#include "protocol/bounds.hpp"

namespace rota::portal {
namespace {

struct Texts {
  std::vector<std::string> positional;  // PORT HOST1 PORT1 HOST2 PORT2 …
  std::string listen;
  std::vector<std::string> nodes;
  std::string store;
  std::filesystem::path store_url_file;
  std::int64_t grace_ms = 10'000;
  std::int64_t keep_hours = 24;
};

void declare_entry(CLI::App& app, EntryOptions& entry) {
  const std::string group = "Who may come in (rota-portal init makes these files)";
  app.add_option("--tls-cert", entry.own.certificate,
                 "Certificate of this portal, PEM; with it TLS is spoken, and nothing else")
      ->option_text("FILE")
      ->group(group);
  app.add_option("--tls-key", entry.own.key, "Its private key, PEM")->option_text("FILE")->group(group);
  app.add_option("--tls-ca", entry.tls_ca,
                 "CA of the nodes on this command line, which are then connected to in TLS")
      ->option_text("FILE")
      ->group(group);
  app.add_option("--tokens", entry.tokens, "File of tokens: whoever comes by TLS or from elsewhere needs one")
      ->option_text("FILE")
      ->group(group);
  app.add_flag("--require-token", entry.require_token, "Ask for a token over loopback too")->group(group);
  app.add_flag("--insecure", entry.insecure,
               "Listen where others can connect, without TLS or without tokens: who connects is trusted with "
               "everything")
      ->group(group);
  app.add_option("--max-connections-per-address", entry.gate.per_address,
                 "Of one IP address (of one /64 of IPv6), except loopback [256]")
      ->check(CLI::Range(1, 20'000))
      ->group(group);
}

void check_entry(const EntryOptions& entry) {
  if (entry.own.certificate.empty() != entry.own.key.empty())
    throw std::invalid_argument("--tls-cert and --tls-key go together");
  if (entry.require_token && entry.tokens.empty())
    throw std::invalid_argument("--require-token needs --tokens FILE; `rota-portal init` makes one");
}

void declare(CLI::App& app, Options& options, Texts& texts) {
  app.set_version_flag("--version", ROTA_VERSION);
  app.set_config("--config", "", "Read settings from this file (name = value, the names of the flags)");
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.add_option("addresses", texts.positional,
                 "PORT HOST1 PORT1 [HOST2 PORT2 …]: the port to listen on, then the nodes")
      ->configurable(false);
  app.add_option("--listen", texts.listen,
                 "Address for clients, HOST:PORT; port 0 takes a free one [127.0.0.1:4000]");
  app.add_option("--node", texts.nodes, "A judge node, HOST:PORT; may be repeated");
  app.add_option("--name", options.name, "This portal's name in events and logs [host name:port]");
  app.add_option("--state-dir", options.state_dir,
                 "Folder for the event log [/var/lib/rota/portal; for ordinary users below XDG_STATE_HOME]");
  app.add_option(
      "--store", texts.store,
      "Where jobs are kept: sqlite:FILE; memory, which a restart empties; or "
      "postgres://USER@HOST/DATABASE, which several portals may share [jobs.sqlite in the state folder]");
  app.add_option("--store-url-file", texts.store_url_file,
                 "File with the postgres:// URL, where there is a password in it");
  app.add_option("--grace-ms", texts.grace_ms,
                 "How long a node may be away before its jobs are given to others, milliseconds [10000]")
      ->check(CLI::Range(200, 3'600'000));
  app.add_option("--max-queue", options.bounds.jobs, "Jobs that may wait for a node [100000]");
  app.add_option("--max-queue-per-user", options.bounds.jobs_per_user, "Of one user [20000]");
  app.add_option("--max-queue-bytes", options.bounds.bytes,
                 "Bytes of the sources and inputs of those [536870912]");
  app.add_option("--keep-results-hours", texts.keep_hours, "How long `rota wait` finds a result [24]");
  app.add_option("--seed", options.seed, "Seed of the random choice of nodes [random]");
  app.add_option("--ready-fd", options.ready_fd,
                 "Descriptor that gets HOST:PORT and a newline once clients are accepted")
      ->configurable(false);
  declare_entry(app, options.entry);
  app.footer(
      "Example: rota-portal 4000 127.0.0.1 4001 127.0.0.1 4002\n"
      "Other commands: rota-portal init --help, rota-portal token --help");
}

void take_addresses(const Texts& texts, Options& options) {
  if (!texts.listen.empty()) options.listen = net::parse_address(texts.listen);
  for (const auto& node : texts.nodes) options.nodes.push_back(net::parse_address(node));
  if (texts.positional.empty()) return;
  if (!texts.listen.empty())
    throw std::invalid_argument("--listen and the PORT " + texts.positional[0] +
                                " both say where to listen; give one of them");
  options.listen = net::parse_address(texts.positional[0]);
  if (texts.positional.size() % 2 == 0) {
    throw std::invalid_argument("each node is a HOST and a PORT, but '" + texts.positional.back() +
                                "' stands alone; write: rota-portal PORT HOST1 PORT1 [HOST2 PORT2 …]");
  }
  for (std::size_t i = 1; i < texts.positional.size(); i += 2) {
    auto node = net::parse_address(texts.positional[i + 1]);
    node.host = texts.positional[i];
    options.nodes.push_back(std::move(node));
  }
}

void check_node_count(const Options& options) {
  if (options.nodes.size() > protocol::kMaxNodes)
    throw std::invalid_argument("at most " + std::to_string(protocol::kMaxNodes) + " nodes can be given");
}

// A node ends its jobs well before the portal gives them to others.
void take_times(const Texts& texts, Options& options) {
  options.dispatcher.grace = std::chrono::milliseconds(texts.grace_ms);
  options.dispatcher.fence_after = options.dispatcher.grace * 6 / 10;
  options.bounds.keep_answers = std::chrono::hours(texts.keep_hours);
}

bool has_password(const std::string& url) {
  const auto start = url.find("://") + 3;
  const auto authority = url.substr(start, url.find('/', start) - start);
  const auto at = authority.rfind('@');
  return (at != std::string::npos && authority.substr(0, at).find(':') != std::string::npos) ||
         url.find("password=") != std::string::npos;
}

void take_store(const Texts& texts, Options& options) {
  options.store = texts.store_url_file.empty() ? texts.store : read_store_url(texts.store_url_file);
  if (!texts.store.empty() && !texts.store_url_file.empty())
    throw std::invalid_argument("--store and --store-url-file name two stores; give one of them");
  if (options.store.empty()) options.store = "sqlite:" + (options.state_dir / "jobs.sqlite").string();
  if (options.store == "memory" || options.store.starts_with("sqlite:")) return;
  if (!is_postgres_url(options.store))
    throw std::invalid_argument("--store is '" + options.store +
                                "'; it must be sqlite:FILE, memory or postgres://USER@HOST/DATABASE");
  // What stands on a command line can be read by every user of the machine.
  if (texts.store_url_file.empty() && has_password(options.store))
    throw std::invalid_argument(
        "--store has a password in it; put the URL into a file and give --store-url-file, or the "
        "password into the one that PGPASSFILE names");
}

void fill_defaults(const CLI::App& app, Options& options) {
  if (options.state_dir.empty()) options.state_dir = default_state_dir("portal");
  if (app.count("--seed") == 0)
    options.seed = (std::uint64_t{std::random_device{}()} << 32) | std::random_device{}();
}

}  // namespace

bool is_postgres_url(const std::string& store) {
  return store.starts_with("postgres://") || store.starts_with("postgresql://");
}

ParsedOptions parse_options(int argc, const char* const* argv) {
  ParsedOptions parsed;
  Texts texts;
  CLI::App app("Takes programs from clients and has judge nodes compile and run them.", "rota-portal");
  declare(app, parsed.options, texts);
  try {
    app.parse(argc, argv);
    take_addresses(texts, parsed.options);
    check_node_count(parsed.options);
    check_entry(parsed.options.entry);
    fill_defaults(app, parsed.options);
    take_times(texts, parsed.options);
    take_store(texts, parsed.options);
  } catch (const CLI::Success& help_or_version) {
    parsed.exit_status = app.exit(help_or_version);
  } catch (const CLI::ParseError& error) {
    app.exit(error);
    parsed.exit_status = kUsageError;
  } catch (const std::invalid_argument& error) {
    std::cerr << "rota-portal: " << error.what() << "\n";
    parsed.exit_status = kUsageError;
  }
  return parsed;
}

}  // namespace rota::portal
