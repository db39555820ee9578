#pragma once
// OpenSSL's objects with owners, and its queue of errors as text.

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace rota::net {

template <auto free>
struct FreeBy {
  template <typename Object>
  void operator()(Object* object) const {
    free(object);
  }
};

// Owned<SSL, SSL_free>
template <typename Object, auto free>
using Owned = std::unique_ptr<Object, FreeBy<free>>;

// Throws std::runtime_error "WHAT: reason" with what OpenSSL says of its last failure; empties the queue.
[[noreturn]] void throw_openssl(const std::string& what);

// Of calls that give 1 for success, see their manual pages.
void check_openssl(int result, const std::string& what);

// Of calls that give an object or null.
template <typename Object>
Object* check_openssl(Object* object, const std::string& what) {
  if (object == nullptr) throw_openssl(what);
  return object;
}

}  // namespace rota::net
