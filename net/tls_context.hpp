#pragma once
// What TLS connections of one purpose have in common: our own certificate, and whom we trust. TLS 1.3 only (RFC 8446):
// without renegotiation, compression and session tickets.

#include <openssl/types.h>

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "net/openssl.hpp"

namespace rota::net {

using Fingerprint = std::array<unsigned char, 32>;  // SHA-256 of a certificate in DER

// Our certificate (PEM, with those between it and its CA behind it) and its private key.
struct KeyPairFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

struct TlsServerSettings {
  KeyPairFiles own;
  std::filesystem::path
      client_ca;  // clients must have a certificate for clients that it has signed; empty: need none
};

// At least one of ca and pin.
struct TlsClientSettings {
  std::string
      ca;  // file of the CA's certificates, or "system" for the machine's own; the server's has to be signed by
           // one of them and name the host
  std::string
      pin;  // the server's certificate is this one, see parse_fingerprint(); alone, neither name nor date count
  std::optional<KeyPairFiles> own;  // for servers that ask for one
};

class TlsContext {
 public:
  // Throw std::runtime_error that names the file and what is wrong with it, also where everybody may read the key.
  static std::shared_ptr<const TlsContext> for_server(const TlsServerSettings& settings);
  static std::shared_ptr<const TlsContext> for_client(const TlsClientSettings& settings);

  SSL_CTX* raw() const { return context_.get(); }
  bool is_server() const { return is_server_; }
  const std::string& ca() const { return ca_; }  // for messages: "the CA in FILE"
  bool checks_name() const { return !is_server_ && !ca_.empty(); }

 private:
  explicit TlsContext(bool is_server);
  void use_key_pair(const KeyPairFiles& files);
  void trust(const std::string& ca);
  void pin(const std::string& fingerprint);
  static int verify(X509_STORE_CTX* chain, void* self);

  Owned<SSL_CTX, SSL_CTX_free> context_;
  bool is_server_;
  std::string ca_;
  std::optional<Fingerprint> pin_;
};

// 64 hexadecimal digits, with or without colons, as `openssl x509 -noout -fingerprint -sha256` prints them. Throws
// std::invalid_argument.
Fingerprint parse_fingerprint(const std::string& text);

std::string to_text(const Fingerprint& fingerprint);  // 64 hexadecimal digits, lower case
Fingerprint fingerprint_of(const X509* certificate);

}  // namespace rota::net
