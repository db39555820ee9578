#include "client/client_log.hpp"

#include <exception>

#include "base/daemon.hpp"
#include "client/console.hpp"
#include "protocol/conversion.hpp"

namespace rota::client {

void ClientLog::append(const std::string& name, const std::string& job,
                       std::map<std::string, protocol::FieldValue> fields) {
  if (warned_) return;
  try {
    if (!log_) log_.emplace(path_);
    log_->append(
        protocol::to_log_line({now().utc, Nanoseconds(0), host_name(), job, name, std::move(fields)}));
  } catch (const std::exception& error) {
    warned_ = true;
    say(std::string("warning: no log is kept: ") + error.what());
  }
}

}  // namespace rota::client
