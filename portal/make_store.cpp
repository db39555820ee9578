#include "portal/make_store.hpp"

#include <iostream>
#include <string_view>

#include "portal/embedded_store.hpp"
#include "portal/memory_journal.hpp"
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

}  // namespace

std::unique_ptr<Store> make_store(net::Loop& loop, const Options& options) {
  return std::make_unique<EmbeddedStore>(loop, make_journal(loop, options), options.bounds);
}

}  // namespace rota::portal
