#include "portal/commands.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "base/daemon.hpp"
#include "base/replace_file.hpp"
#include "base/time.hpp"
#include "portal/init.hpp"
#include "portal/token_file.hpp"

namespace rota::portal {
namespace {

// What CLI11 reads for `token`.
struct TokenArguments {
  std::string tokens;
  std::string role = "submit";
  std::string user;
  std::string expires;
  std::string out;
  std::string id;
};

// "2027-01-31", or a time as protocol/PROTOCOL.md has it.
std::optional<UtcTime> parse_expiry(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto time = from_rfc3339(text.size() == 10 ? text + "T00:00:00Z" : text);
  if (!time)
    throw std::invalid_argument("--expires '" + text +
                                "': give a day, as in 2027-01-31, or 2027-01-31T12:00:00Z");
  return time;
}

std::vector<TokenRecord> read_if_there(const std::string& file) {
  return std::filesystem::exists(file) ? read_token_file(file) : std::vector<TokenRecord>{};
}

void hand_over(const std::string& token, const std::string& out) {
  if (out.empty()) {
    std::cout << token << "\n";
    return;
  }
  if (std::filesystem::exists(std::filesystem::symlink_status(out)))
    throw std::runtime_error(out + " is there already; nothing has been written");
  replace_file(out, token + "\n", Durability::synced);
}

// The token is handed over before it is good: a file that cannot be written leaves no token that nobody has.
void add_token(const TokenArguments& arguments) {
  check_user_name(arguments.user);
  const auto expires = parse_expiry(arguments.expires);
  if (expires && *expires <= now().utc)
    throw std::invalid_argument("--expires " + arguments.expires + ": that is past; give a day to come");
  const UniqueFd lock = lock_token_file(arguments.tokens);
  auto records = read_if_there(arguments.tokens);
  const std::string token = make_token();
  records.push_back(record_of(token, *role_of(arguments.role), arguments.user, now().utc, expires));
  hand_over(token, arguments.out);
  write_token_file(arguments.tokens, records);
  std::cerr << fmt::format("rota-portal: token {} of {} ({}) is good\n", records.back().id, arguments.user,
                           arguments.role);
}

void list_tokens(const TokenArguments& arguments) {
  fmt::print("{:<8}  {:<6}  {:<20}  {:<20}  {}\n", "ID", "ROLE", "USER", "CREATED", "EXPIRES");
  for (const TokenRecord& record : read_token_file(arguments.tokens)) {
    const bool has_expired = record.expires && *record.expires <= now().utc;
    fmt::print("{:<8}  {:<6}  {:<20}  {:<20}  {}{}\n", record.id, to_text(record.role), record.user,
               to_rfc3339(record.created).substr(0, 19) + "Z",
               record.expires ? to_rfc3339(*record.expires).substr(0, 19) + "Z" : "never",
               has_expired ? " (expired)" : "");
  }
}

void revoke_token(const TokenArguments& arguments) {
  const UniqueFd lock = lock_token_file(arguments.tokens);
  auto records = read_token_file(arguments.tokens);
  const auto gone =
      std::erase_if(records, [&](const TokenRecord& record) { return record.id == arguments.id; });
  if (gone == 0)
    throw std::runtime_error(arguments.tokens + " has no token " + arguments.id +
                             "; `rota-portal token list`");
  write_token_file(arguments.tokens, records);
  std::cerr << fmt::format("rota-portal: token {} is not good any more\n", arguments.id);
}

void declare_file(CLI::App& command, TokenArguments& arguments) {
  command
      .add_option("--tokens", arguments.tokens, "The portal's file of tokens, as its own --tokens names it")
      ->required()
      ->option_text("FILE");
}

void declare_token(CLI::App& app, TokenArguments& arguments) {
  app.require_subcommand(1);
  auto* add = app.add_subcommand("add", "Makes a token and tells it once: on stdout, or into --out");
  declare_file(*add, arguments);
  add->add_option("--role", arguments.role, "submit: own jobs; node: to join; admin: everything [submit]")
      ->check(CLI::IsMember({"submit", "node", "admin"}));
  add->add_option("--user", arguments.user, "Whose it is; jobs belong to users")->required();
  add->add_option("--expires", arguments.expires, "The day (UTC) from which it is not good any more [never]");
  add->add_option("--out", arguments.out, "File for the token, of mode 0600; must not be there yet");
  add->callback([&arguments] { add_token(arguments); });
  auto* list = app.add_subcommand("list", "Lists them; the tokens themselves are stored nowhere");
  declare_file(*list, arguments);
  list->callback([&arguments] { list_tokens(arguments); });
  auto* revoke = app.add_subcommand("revoke", "Takes one back, also from whoever is connected with it");
  declare_file(*revoke, arguments);
  revoke->add_option("id", arguments.id, "As `list` shows it")->required();
  revoke->callback([&arguments] { revoke_token(arguments); });
  app.footer("Example: rota-portal token add --tokens DIR/tokens --role submit --user ana --out ana.token");
}

void declare_init(CLI::App& app, InitSettings& settings) {
  app.add_option("--dir", settings.folder, "Folder for the files; none of them may be there yet")->required();
  app.add_option("--host", settings.hosts,
                 "Name or IP address by which others reach this portal; repeatable [this host's name]")
      ->allow_extra_args(false);
  app.add_option("--node", settings.nodes, "Name of a node that gets a token and a certificate; repeatable")
      ->allow_extra_args(false);
  app.add_option("--days", settings.days, "Until the certificates expire [3650]");
  app.callback([&settings] {
    if (settings.hosts.empty()) settings.hosts = {host_name()};
    std::cout << init(settings, now().utc);
  });
  app.footer("Example: rota-portal init --dir /etc/rota --host judge.example --node judge-a --node judge-b");
}

int parse(CLI::App& app, int argc, const char* const* argv) {
  try {
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    app.exit(error);
    return kUsageError;
  } catch (const std::invalid_argument& error) {
    std::cerr << "rota-portal: " << error.what() << "\n";
    return kUsageError;
  } catch (const std::exception& error) {
    std::cerr << "rota-portal: " << error.what() << "\n";
    return 1;
  }
}

}  // namespace

std::optional<int> run_command(int argc, const char* const* argv) {
  const std::string_view name = argc > 1 ? argv[1] : "";
  if (name == "init") {
    InitSettings settings;
    CLI::App app("Makes a private CA, certificates and tokens for a cluster across machines.",
                 "rota-portal init");
    declare_init(app, settings);
    return parse(app, argc - 1, argv + 1);
  }
  if (name == "token") {
    TokenArguments arguments;
    CLI::App app("The tokens by which a portal knows its users and nodes.", "rota-portal token");
    declare_token(app, arguments);
    return parse(app, argc - 1, argv + 1);
  }
  return std::nullopt;
}

}  // namespace rota::portal
