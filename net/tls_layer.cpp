#include "net/tls_layer.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace rota::net {

namespace {

constexpr std::size_t kRecordBytes = 16 << 10;     // of plain text at most, RFC 8446 section 5.1
constexpr std::size_t kRecordOverheadBytes = 64;   // header, content type and tag are 22
constexpr int kFirstAlert = SSL_AD_REASON_OFFSET;  // reasons from here on are alerts of the peer's

bool is_ip_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

// The name that the certificate has to have, and that a server of several names picks its certificate by.
void expect_host(SSL* ssl, const std::string& host) {
  X509_VERIFY_PARAM* const parameters = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (is_ip_address(host))
    return check_openssl(X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()), "expect " + host);
  check_openssl(SSL_set1_host(ssl, host.c_str()), "expect " + host);
  check_openssl(static_cast<int>(SSL_set_tlsext_host_name(ssl, host.c_str())), "name " + host);
}

}  // namespace

// The BIO: what OpenSSL calls to read and write. See BIO_meth_new(3).
struct LayerBio {
  static TlsLayer& layer_of(BIO* bio) { return *static_cast<TlsLayer*>(BIO_get_data(bio)); }

  static int read(BIO* bio, char* buffer, std::size_t size, std::size_t* count) {
    std::string_view& input = layer_of(bio).input_;
    BIO_clear_retry_flags(bio);
    *count = std::min(size, input.size());
    if (*count == 0) {
      BIO_set_retry_read(bio);  // more may come; the end is what the stream's owner sees
      return 0;
    }
    std::memcpy(buffer, input.data(), *count);
    input.remove_prefix(*count);
    return 1;
  }

  static int write(BIO* bio, const char* bytes, std::size_t size, std::size_t* count) {
    layer_of(bio).output_.append(bytes, size);
    *count = size;
    return 1;
  }

  static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  static const BIO_METHOD* method() {
    static const Owned<BIO_METHOD, BIO_meth_free> made = [] {
      Owned<BIO_METHOD, BIO_meth_free> method(
          check_openssl(BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "rota"), "make a BIO"));
      BIO_meth_set_read_ex(method.get(), read);
      BIO_meth_set_write_ex(method.get(), write);
      BIO_meth_set_ctrl(method.get(), control);
      return method;
    }();
    return made.get();
  }
};

TlsLayer::TlsLayer(std::shared_ptr<const TlsContext> context, std::string host)
    : context_(std::move(context)), host_(std::move(host)) {
  ERR_clear_error();
  ssl_.reset(check_openssl(SSL_new(context_->raw()), "begin TLS"));
  BIO* const bio = check_openssl(BIO_new(LayerBio::method()), "begin TLS");
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);  // ssl_ owns it
  if (context_->is_server()) {
    SSL_set_accept_state(ssl_.get());
  } else {
    SSL_set_connect_state(ssl_.get());
  }
  if (context_->checks_name()) expect_host(ssl_.get(), host_);
}

TlsLayer::~TlsLayer() = default;

void TlsLayer::begin() {
  if (!context_->is_server()) go_on();
}

void TlsLayer::receive(std::string_view bytes, const std::function<void(std::string_view)>& plain) {
  if (first_byte_ == '\0' && !bytes.empty()) first_byte_ = bytes.front();
  input_ = bytes;
  if (!established_) go_on();
  if (established_) read_records(plain);
  input_ = {};  // after close_notify nothing is read
}

void TlsLayer::go_on() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  established_ = result == 1;
  if (!established_ && SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) fail();
}

void TlsLayer::read_records(const std::function<void(std::string_view)>& plain) {
  std::array<char, kRecordBytes> buffer;  // NOLINT: filled by SSL_read_ex
  while (!peer_finished_) {
    std::size_t count = 0;
    ERR_clear_error();
    const int result = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &count);
    if (result == 1) {
      plain({buffer.data(), count});
      continue;
    }
    const int error = SSL_get_error(ssl_.get(), result);
    if (error == SSL_ERROR_WANT_READ) return;
    if (error != SSL_ERROR_ZERO_RETURN) fail();
    peer_finished_ = true;
  }
}

void TlsLayer::send(std::string_view plain) {
  output_.reserve(output_.size() + plain.size() + (plain.size() / kRecordBytes + 1) * kRecordOverheadBytes);
  std::size_t written = 0;
  ERR_clear_error();
  if (!plain.empty() && SSL_write_ex(ssl_.get(), plain.data(), plain.size(), &written) != 1) fail();
}

void TlsLayer::finish() {
  ERR_clear_error();
  if (established_)
    SSL_shutdown(ssl_.get());  // 0: the peer's end has not come yet, which is nothing to wait for
}

void TlsLayer::fail() {
  const unsigned long code = ERR_peek_error();  // the first: those after it are what it led to
  const std::string text = problem(code);
  ERR_clear_error();
  throw TlsError(text);
}

std::string TlsLayer::peer_name() const {
  return host_.empty() ? "the peer" : host_;
}

std::string TlsLayer::problem(unsigned long code) const {
  constexpr char kHandshakeRecord = 22, kAlertRecord = 21;
  if (!established_ && first_byte_ != kHandshakeRecord && first_byte_ != kAlertRecord)
    return peer_name() + " does not speak TLS";
  const long verified = SSL_get_verify_result(ssl_.get());
  const int reason = ERR_GET_REASON(code);
  if (verified != X509_V_OK && reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
    return certificate_problem(verified);
  switch (reason) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return peer_name() + " does not speak TLS 1.3";
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
    case kFirstAlert + SSL_AD_CERTIFICATE_REQUIRED:
      return context_->is_server() ? "the peer has no certificate" : host_ + " wants a certificate of us";
    default:
      break;
  }
  const char* const text = ERR_reason_error_string(code);
  if (reason > kFirstAlert)
    return fmt::format("{} ends TLS: {}", peer_name(), text == nullptr ? "alert" : text);
  return fmt::format("TLS with {} fails: {}", peer_name(), text == nullptr ? "no reason given" : text);
}

std::string TlsLayer::certificate_problem(long result) const {
  const std::string certificate = "the certificate of " + peer_name();
  switch (result) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return certificate + " is for another name";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return certificate + " has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return certificate + " is not valid yet";
    case X509_V_ERR_INVALID_PURPOSE:
      return certificate + (context_->is_server() ? " is not one for clients" : " is not one for servers");
    case X509_V_ERR_APPLICATION_VERIFICATION:
      return certificate + " is not the one whose fingerprint is given";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return fmt::format(
          "{} is not signed by {}", certificate,
          context_->ca() == "system" ? "a CA that this machine trusts" : "the CA in " + context_->ca());
    default:
      return fmt::format("{} is not good: {}", certificate, X509_verify_cert_error_string(result));
  }
}

}  // namespace rota::net
