#include "portal/make_store.hpp"

#include <iostream>
#include <string_view>

#include "portal/embedded_store.hpp"
#include "portal/memory_journal.hpp"
#include "portal/postgres_store.hpp"
#include "portal/sqlite_journal.hpp"

namespace rota::portal {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

std::unique_ptr<Journal> make_journal(net::Loop& loop, const Options& options) {
  if (options.store == "memory")
    return std::make_unique<MemoryJournal>(loop, options.bounds.kept_answer_bytes);
  return std::make_unique<SqliteJournal>(
      loop, options.store.substr(kSqlite.size()),
      [](const std::string& warning) { std::cerr << "rota-portal: " << warning << "\n"; });
}

// A portal that is gone leaves its nodes time to find another before its jobs are given to others.
std::unique_ptr<Store> make_postgres_store(net::Loop& loop, const Options& options, const std::string& name) {
  PostgresSettings settings{.url = options.store, .portal_name = name};
  settings.grace = std::chrono::ceil<std::chrono::seconds>(options.dispatcher.grace * 3 / 2);
  return std::make_unique<PostgresStore>(loop, std::move(settings), options.bounds);
}

}  // namespace

std::unique_ptr<Store> make_store(net::Loop& loop, const Options& options, const std::string& portal_name) {
  if (is_postgres_url(options.store)) return make_postgres_store(loop, options, portal_name);
  return std::make_unique<EmbeddedStore>(loop, make_journal(loop, options), options.bounds);
}

}  // namespace rota::portal
