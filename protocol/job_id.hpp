#pragma once
// Job ids are UUIDs (RFC 9562) in their 36-character lower-case text form; those that we make are of version
// 7, so that their order is roughly that of their making.

#include <string>
#include <string_view>

#include "base/time.hpp"

namespace rota::protocol {

std::string make_job_id(UtcTime time);

bool is_job_id(std::string_view text);

}  // namespace rota::protocol
