#pragma once
// Makes certificates: a private CA and what it signs. Keys are ECDSA on P-256 (FIPS 186-5), which every TLS 1.3 library
// takes (RFC 8446 section 9.1).

#include <openssl/x509.h>

#include <chrono>
#include <string>
#include <vector>

#include "net/openssl.hpp"
#include "net/tls_context.hpp"

namespace rota::net {

// Both as PEM.
struct KeyPair {
  std::string certificate;
  std::string key;
};

struct CertificateSubject {
  std::string name;                // for people (common name), at most 64 bytes
  std::vector<std::string> hosts;  // names and IP addresses that it is good for
  bool for_servers = true;
  bool for_clients = false;
};

struct Validity {
  std::chrono::sys_seconds from;
  std::chrono::sys_seconds to;
};

class CertificateAuthority {
 public:
  // A new one, signed by itself; it signs servers and clients, no further CAs. Throws std::runtime_error.
  CertificateAuthority(const std::string& name, Validity validity);

  KeyPair own() const;  // to be kept: the key signs for the whole cluster
  KeyPair sign(const CertificateSubject& subject, Validity validity) const;

 private:
  Owned<EVP_PKEY, EVP_PKEY_free> key_;
  Owned<X509, X509_free> certificate_;
};

// Of a certificate in PEM. Throws std::runtime_error.
Fingerprint fingerprint_of_pem(const std::string& certificate);

}  // namespace rota::net
