#include "client/job_id_option.hpp"

#include <fmt/format.h>

#include "client/client_error.hpp"
#include "client/exit_status.hpp"
#include "protocol/job_id.hpp"

namespace rota::client {

void require_job_id(const std::string& text, const std::string& place) {
  if (protocol::is_job_id(text)) return;
  throw ClientError(
      kUsage,
      fmt::format("{}: '{}' is not a job id, as in 01890a5d-ac96-774b-bcce-b302099a8057", place, text));
}

}  // namespace rota::client
