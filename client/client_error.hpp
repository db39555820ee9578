#pragma once
// What ends a call of `rota`: a message for the person who called it, and the exit status that main() ends
// with.

#include <stdexcept>
#include <string>

namespace rota::client {

class ClientError : public std::runtime_error {
 public:
  // status: one of exit_status.hpp. message: what is wrong and what to do, without a newline at its end.
  ClientError(int status, const std::string& message) : std::runtime_error(message), status_(status) {}

  int status() const { return status_; }

 private:
  int status_;
};

}  // namespace rota::client
