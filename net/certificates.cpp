#include "net/certificates.hpp"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>

namespace rota::net {
namespace {

using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using Certificate = Owned<X509, X509_free>;
using Memory = Owned<BIO, BIO_free_all>;

Key make_key() {
  return Key(check_openssl(EVP_EC_gen("P-256"), "make a key"));
}

// 127 random bits: RFC 5280 section 4.1.2.2 wants a positive number of at most 20 bytes that no other has.
void set_random_serial(X509* certificate) {
  std::array<unsigned char, 16> bytes{};
  check_openssl(RAND_bytes(bytes.data(), bytes.size()), "random serial");
  bytes[0] = (bytes[0] & 0x7f) | 0x40;
  const Owned<BIGNUM, BN_free> number(BN_bin2bn(bytes.data(), bytes.size(), nullptr));
  check_openssl(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)), "serial");
}

void set_validity(X509* certificate, const Validity& validity) {
  ASN1_TIME_set(X509_getm_notBefore(certificate), validity.from.time_since_epoch().count());
  ASN1_TIME_set(X509_getm_notAfter(certificate), validity.to.time_since_epoch().count());
}

Certificate begin_certificate(const std::string& name, const Validity& validity, EVP_PKEY* key) {
  Certificate certificate(check_openssl(X509_new(), "make a certificate"));
  check_openssl(X509_set_version(certificate.get(), X509_VERSION_3), "version");
  set_random_serial(certificate.get());
  set_validity(certificate.get(), validity);
  check_openssl(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                                           reinterpret_cast<const unsigned char*>(name.data()),
                                           static_cast<int>(name.size()), -1, 0),
                "name '" + name + "'");
  check_openssl(X509_set_pubkey(certificate.get(), key), "public key");
  return certificate;
}

// The values are in the language of x509v3_config(5); none of them comes from outside but host names, see san_of().
void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
      check_openssl(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()), "extension " + value));
  check_openssl(X509_add_ext(certificate, extension.get(), -1), "extension " + value);
}

// Host names are letters, digits and a few signs, or they would say more than a name in that language.
void refuse_strange_host(const std::string& host) {
  const auto strange =
      host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:*");
  if (host.empty() || host.size() > 253 || strange != std::string::npos)
    throw std::runtime_error("'" + host + "' is no host name and no IP address");
}

std::string san_of(const std::vector<std::string>& hosts) {
  std::string list;
  std::array<unsigned char, sizeof(in6_addr)> address{};
  for (const auto& host : hosts) {
    refuse_strange_host(host);
    const bool is_address = ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
                            ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
    list += (list.empty() ? "" : ",") + std::string(is_address ? "IP:" : "DNS:") + host;
  }
  return list;
}

std::string usage_of(const CertificateSubject& subject) {
  if (!subject.for_clients) return "serverAuth";
  return subject.for_servers ? "serverAuth,clientAuth" : "clientAuth";
}

std::string text_of(BIO* memory) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

KeyPair to_pem(X509* certificate, EVP_PKEY* key) {
  const Memory certificate_text(check_openssl(BIO_new(BIO_s_mem()), "memory"));
  const Memory key_text(check_openssl(BIO_new(BIO_s_mem()), "memory"));
  check_openssl(PEM_write_bio_X509(certificate_text.get(), certificate), "certificate");
  check_openssl(PEM_write_bio_PrivateKey(key_text.get(), key, nullptr, nullptr, 0, nullptr, nullptr), "key");
  return {text_of(certificate_text.get()), text_of(key_text.get())};
}

void sign_with(X509* certificate, EVP_PKEY* key) {
  if (X509_sign(certificate, key, EVP_sha256()) == 0) throw_openssl("sign a certificate");
}

}  // namespace

CertificateAuthority::CertificateAuthority(const std::string& name, Validity validity)
    : key_(make_key()), certificate_(begin_certificate(name, validity, key_.get())) {
  X509* const own = certificate_.get();
  check_openssl(X509_set_issuer_name(own, X509_get_subject_name(own)), "issuer");
  add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(own, own, NID_subject_key_identifier, "hash");
  sign_with(own, key_.get());
}

KeyPair CertificateAuthority::own() const {
  return to_pem(certificate_.get(), key_.get());
}

KeyPair CertificateAuthority::sign(const CertificateSubject& subject, Validity validity) const {
  const Key key = make_key();
  const Certificate made = begin_certificate(subject.name, validity, key.get());
  X509* const issuer = certificate_.get();
  check_openssl(X509_set_issuer_name(made.get(), X509_get_subject_name(issuer)), "issuer");
  add_extension(made.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(made.get(), issuer, NID_key_usage, "critical,digitalSignature");
  add_extension(made.get(), issuer, NID_ext_key_usage, usage_of(subject));
  add_extension(made.get(), issuer, NID_subject_key_identifier, "hash");
  add_extension(made.get(), issuer, NID_authority_key_identifier, "keyid:always");
  if (!subject.hosts.empty()) add_extension(made.get(), issuer, NID_subject_alt_name, san_of(subject.hosts));
  sign_with(made.get(), key_.get());
  return to_pem(made.get(), key.get());
}

Fingerprint fingerprint_of_pem(const std::string& certificate) {
  const Memory text(
      check_openssl(BIO_new_mem_buf(certificate.data(), static_cast<int>(certificate.size())), "memory"));
  const Certificate read(
      check_openssl(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), "read a certificate"));
  return fingerprint_of(read.get());
}

}  // namespace rota::net
