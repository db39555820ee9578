#include "net/tls_context.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <cctype>
#include <stdexcept>

#include "base/check.hpp"

namespace rota::net {
namespace {

// A chain of a few certificates; more is nobody's need, and memory before anybody has been authenticated.
constexpr long kMaxCertificateBytes = 32 << 10;

void refuse_readable_key(const std::filesystem::path& key) {
  struct stat status {};
  check(::stat(key.c_str(), &status), "look at " + key.string());
  if ((status.st_mode & (S_IROTH | S_IWOTH)) == 0) return;
  throw std::runtime_error(
      fmt::format("{}: everybody on this machine can read this private key; chmod 600", key.string()));
}

}  // namespace

TlsContext::TlsContext(bool is_server)
    : context_(
          check_openssl(SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method()), "begin TLS")),
      is_server_(is_server) {
  check_openssl(SSL_CTX_set_min_proto_version(raw(), TLS1_3_VERSION), "ask for TLS 1.3");
  SSL_CTX_set_options(raw(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // Nobody connects so often that a resumed session would be felt, and each ticket is sent, kept and protected.
  SSL_CTX_set_session_cache_mode(raw(), SSL_SESS_CACHE_OFF);
  check_openssl(SSL_CTX_set_num_tickets(raw(), 0), "switch tickets off");
  // An idle connection gives its two record buffers (34 KiB) back.
  SSL_CTX_set_mode(raw(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_max_cert_list(raw(), kMaxCertificateBytes);
}

std::shared_ptr<const TlsContext> TlsContext::for_server(const TlsServerSettings& settings) {
  ERR_clear_error();
  const std::shared_ptr<TlsContext> context(new TlsContext(true));
  context->use_key_pair(settings.own);
  if (settings.client_ca.empty()) return context;
  context->trust(settings.client_ca);
  SSL_CTX_set_verify(context->raw(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return context;
}

std::shared_ptr<const TlsContext> TlsContext::for_client(const TlsClientSettings& settings) {
  ERR_clear_error();
  if (settings.ca.empty() && settings.pin.empty())
    throw std::runtime_error("TLS needs to know whom to trust: a CA or a fingerprint");
  const std::shared_ptr<TlsContext> context(new TlsContext(false));
  if (settings.own) context->use_key_pair(*settings.own);
  if (!settings.ca.empty()) context->trust(settings.ca);
  if (!settings.pin.empty()) context->pin(settings.pin);
  SSL_CTX_set_verify(context->raw(), SSL_VERIFY_PEER, nullptr);
  return context;
}

void TlsContext::use_key_pair(const KeyPairFiles& files) {
  check_openssl(SSL_CTX_use_certificate_chain_file(raw(), files.certificate.c_str()),
                files.certificate.string() + " as certificate");
  refuse_readable_key(files.key);
  check_openssl(SSL_CTX_use_PrivateKey_file(raw(), files.key.c_str(), SSL_FILETYPE_PEM),
                files.key.string() + " as the private key of " + files.certificate.string());
}

void TlsContext::trust(const std::string& ca) {
  ca_ = ca;
  if (ca == "system") return check_openssl(SSL_CTX_set_default_verify_paths(raw()), "the machine's CAs");
  check_openssl(SSL_CTX_load_verify_file(raw(), ca.c_str()), ca + " as CA");
}

void TlsContext::pin(const std::string& fingerprint) {
  pin_ = parse_fingerprint(fingerprint);
  SSL_CTX_set_cert_verify_callback(raw(), verify, this);
}

// In place of OpenSSL's own check of the chain, which comes first where there is a CA as well.
int TlsContext::verify(X509_STORE_CTX* chain, void* self) {
  const auto& context = *static_cast<const TlsContext*>(self);
  if (!context.ca_.empty() && X509_verify_cert(chain) != 1) return 0;
  const X509* const certificate = X509_STORE_CTX_get0_cert(chain);
  const bool is_pinned = certificate != nullptr && fingerprint_of(certificate) == context.pin_;
  X509_STORE_CTX_set_error(chain, is_pinned ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
  return is_pinned ? 1 : 0;
}

Fingerprint parse_fingerprint(const std::string& text) {
  std::string digits;
  for (const char c : text) {
    if (c != ':') digits += c;
  }
  Fingerprint fingerprint{};
  const bool is_hexadecimal = digits.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
  if (!is_hexadecimal || digits.size() != 2 * fingerprint.size()) {
    throw std::invalid_argument(
        "'" + text +
        "' is no SHA-256 fingerprint: give 64 hexadecimal digits, as `openssl x509 -noout "
        "-fingerprint -sha256 -in FILE` prints them");
  }
  for (std::size_t i = 0; i < fingerprint.size(); ++i)
    fingerprint[i] = static_cast<unsigned char>(std::stoi(digits.substr(2 * i, 2), nullptr, 16));
  return fingerprint;
}

std::string to_text(const Fingerprint& fingerprint) {
  std::string text;
  for (const unsigned char byte : fingerprint) text += fmt::format("{:02x}", byte);
  return text;
}

Fingerprint fingerprint_of(const X509* certificate) {
  Fingerprint fingerprint{};
  check_openssl(X509_digest(certificate, EVP_sha256(), fingerprint.data(), nullptr), "fingerprint");
  return fingerprint;
}

}  // namespace rota::net
