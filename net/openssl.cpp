#include "net/openssl.hpp"

#include <openssl/err.h>

#include <stdexcept>

namespace rota::net {

void throw_openssl(const std::string& what) {
  // The last error is the nearest to the cause; those before it say where it passed.
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  throw std::runtime_error(what + ": " + (reason == nullptr ? "failed" : reason));
}

void check_openssl(int result, const std::string& what) {
  if (result != 1) throw_openssl(what);
}

}  // namespace rota::net
