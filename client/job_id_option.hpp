#pragma once
// A job id on the command line.

#include <string>

namespace rota::client {

// Throws ClientError{kUsage} that begins with `place` where it is none.
void require_job_id(const std::string& text, const std::string& place);

}  // namespace rota::client
