#pragma once

#include <memory>

#include "net/loop.hpp"
#include "portal/options.hpp"
#include "portal/store.hpp"

namespace rota::portal {

// The store that options.store names. portal_name: for those who look into a store that several portals share. Throws
// std::runtime_error where it cannot be used.
std::unique_ptr<Store> make_store(net::Loop& loop, const Options& options, const std::string& portal_name);

}  // namespace rota::portal
