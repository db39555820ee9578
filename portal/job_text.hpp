#pragma once
// What is known of a job, as JSON text for a store to keep. Not a packet: only portals read it. Strict like packets, since a
// store's file may be damaged or somebody else's.

#include <string>
#include <string_view>

#include "portal/store.hpp"

namespace rota::portal {

// Never throws for what a job holds; what passes a bound of the protocol's is cut.
std::string to_text(const JobInfo& job);

// Throws protocol::ProtocolError.
JobInfo job_from_text(std::string_view text);

}  // namespace rota::portal
