#pragma once
// A CA and what it has signed, as files in a folder that goes with it.

#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <string>

#include "base/temp_dir.hpp"
#include "net/certificates.hpp"
#include "net/tls_context.hpp"

namespace rota::test {

inline net::Validity valid_now() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {now - std::chrono::hours(1), now + std::chrono::hours(1)};
}

inline net::Validity expired() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {now - std::chrono::hours(2), now - std::chrono::hours(1)};
}

class TlsFiles {
 public:
  TlsFiles() { write("ca.crt", authority.own().certificate); }

  // Signs and writes NAME.crt and NAME.key.
  net::KeyPairFiles make(const std::string& name, const net::CertificateSubject& subject,
                         net::Validity validity = valid_now()) {
    const net::KeyPair pair = authority.sign(subject, validity);
    write(name + ".crt", pair.certificate);
    write(name + ".key", pair.key);
    pin = net::to_text(net::fingerprint_of_pem(pair.certificate));
    return {path(name + ".crt"), path(name + ".key")};
  }

  net::KeyPairFiles loopback() {
    return make("loopback", {.name = "server", .hosts = {"localhost", "127.0.0.1"}, .for_clients = true});
  }

  std::shared_ptr<const net::TlsContext> server() {
    return net::TlsContext::for_server({.own = loopback(), .client_ca = {}});
  }
  std::shared_ptr<const net::TlsContext> client() {
    return net::TlsContext::for_client({.ca = path("ca.crt"), .pin = "", .own = std::nullopt});
  }

  std::string path(const std::string& name) const { return (folder.path() / name).string(); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(path(name)) << text;
    ::chmod(path(name).c_str(), 0600);
  }

  TempDir folder{"rota-tls-"};
  net::CertificateAuthority authority{"test CA", valid_now()};
  std::string pin;  // of the last one made
};

}  // namespace rota::test
