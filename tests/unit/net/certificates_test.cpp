#include "net/certificates.hpp"

#include <gmock/gmock.h>

#include "tests/support/tls_files.hpp"

namespace rota::net {
namespace {

using ::testing::HasSubstr;

std::string problem_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(Fingerprint, IsReadWithAndWithoutColons) {
  const std::string plain = "00ff" + std::string(60, 'a');
  std::string colons;
  for (std::size_t i = 0; i < plain.size(); i += 2) colons += (i == 0 ? "" : ":") + plain.substr(i, 2);
  EXPECT_EQ(to_text(parse_fingerprint(plain)), plain);
  EXPECT_EQ(parse_fingerprint(colons), parse_fingerprint(plain));
}

TEST(Fingerprint, OfAnotherLengthOrWithOtherSignsIsRefused) {
  for (const std::string& text :
       {std::string(), std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g')})
    EXPECT_THROW(parse_fingerprint(text), std::invalid_argument) << text;
}

TEST(CertificateAuthority, RefusesAHostThatIsNoName) {
  const CertificateAuthority authority("CA", test::valid_now());
  for (const char* host : {"", "a,DNS:b", "a b", "a\nb", "dirName:x/y"}) {
    EXPECT_THROW(authority.sign({.name = "x", .hosts = {host}}, test::valid_now()), std::runtime_error)
        << host;
  }
}

TEST(TlsContext, NamesTheFileThatItCannotUse) {
  test::TlsFiles files;
  auto pair = files.loopback();
  EXPECT_THAT(problem_of([&] {
                TlsContext::for_server({{"/nonexistent", pair.key}, ""});
              }),
              HasSubstr("/nonexistent as certificate"));
  EXPECT_THAT(problem_of([&] {
                TlsContext::for_server({{pair.certificate, "/nonexistent"}, ""});
              }),
              HasSubstr("/nonexistent"));
  files.write("junk", "no PEM");
  EXPECT_THAT(problem_of([&] {
                TlsContext::for_client({files.path("junk"), "", std::nullopt});
              }),
              HasSubstr("junk as CA"));
}

TEST(TlsContext, RefusesAKeyOfAnotherCertificate) {
  test::TlsFiles files;
  const auto one = files.make("one", {.name = "one"});
  const auto other = files.make("other", {.name = "other"});
  EXPECT_THAT(problem_of([&] {
                TlsContext::for_server({{one.certificate, other.key}, ""});
              }),
              HasSubstr("key values mismatch"));
}

TEST(TlsContext, RefusesAKeyThatEverybodyCanRead) {
  test::TlsFiles files;
  const auto pair = files.loopback();
  ::chmod(pair.key.c_str(), 0644);
  EXPECT_THAT(problem_of([&] { TlsContext::for_server({pair, ""}); }), HasSubstr("chmod 600"));
}

TEST(TlsContext, OfAClientNeedsSomebodyToTrust) {
  EXPECT_THROW(TlsContext::for_client({}), std::runtime_error);
}

}  // namespace
}  // namespace rota::net
