// Two layers, each of which gets what the other has to send.

#include "net/tls_layer.hpp"

#include <gmock/gmock.h>
#include <openssl/err.h>

#include "tests/support/tls_files.hpp"

namespace rota::net {
namespace {

using ::testing::HasSubstr;

class TlsLayerTest : public ::testing::Test {
 protected:
  TlsLayerTest() { connect(files.server(), files.client(), "localhost"); }

  void connect(std::shared_ptr<const TlsContext> server_context,
               std::shared_ptr<const TlsContext> client_context, const std::string& host) {
    server = std::make_unique<TlsLayer>(std::move(server_context));
    client = std::make_unique<TlsLayer>(std::move(client_context), host);
    at_server.clear();
    at_client.clear();
    client->begin();
  }

  // Both directions, until nobody has anything to send. What went wrong; server's and client's problems together.
  std::string run(std::size_t piece = 1 << 20) {
    std::string problems;
    while (true) {
      const std::string up = client->take_output(), down = server->take_output();
      if (up.empty() && down.empty()) return problems;
      hand(*server, up, at_server, piece, problems, "server: ");
      hand(*client, down, at_client, piece, problems, "client: ");
    }
  }

  static void hand(TlsLayer& to, const std::string& bytes, std::string& plain, std::size_t piece,
                   std::string& problems, const std::string& who) {
    try {
      for (std::size_t at = 0; at < bytes.size(); at += piece)
        to.receive(std::string_view(bytes).substr(at, piece), [&](std::string_view text) { plain += text; });
    } catch (const TlsError& error) {
      problems += who + error.what() + "; ";
    }
  }

  TlsClientSettings trust(const std::string& ca, const std::string& pin = "") const {
    return {ca, pin, std::nullopt};
  }

  test::TlsFiles files;
  std::unique_ptr<TlsLayer> server, client;
  std::string at_server, at_client;
};

TEST_F(TlsLayerTest, CarriesBytesBothWays) {
  EXPECT_EQ(run(), "");
  ASSERT_TRUE(client->is_established() && server->is_established());
  const std::string large(100'000, 'x');
  client->send("question");
  server->send(large);
  EXPECT_EQ(run(), "");
  EXPECT_EQ(at_server, "question");
  EXPECT_EQ(at_client, large);
}

TEST_F(TlsLayerTest, TakesBytesOneByOne) {
  EXPECT_EQ(run(1), "");
  client->send("question");
  EXPECT_EQ(run(1), "");
  EXPECT_EQ(at_server, "question");
}

TEST_F(TlsLayerTest, SendsNothingInTheClear) {
  run();
  client->send("a secret token");
  EXPECT_EQ(client->take_output().find("secret"), std::string::npos);
}

TEST_F(TlsLayerTest, EndsOneDirectionAndLeavesTheOther) {
  run();
  client->send("last");
  client->finish();
  EXPECT_EQ(run(), "");
  EXPECT_EQ(at_server, "last");
  EXPECT_TRUE(server->peer_has_finished());
  EXPECT_FALSE(client->peer_has_finished());
  server->send("answer");
  server->finish();
  EXPECT_EQ(run(), "");
  EXPECT_EQ(at_client, "answer");
  EXPECT_TRUE(client->peer_has_finished());
}

TEST_F(TlsLayerTest, IgnoresErrorsThatOthersHaveLeftInTheThreadsQueue) {
  run();
  ERR_raise(ERR_LIB_USER, 1);
  client->send("question");
  EXPECT_EQ(run(), "");
  EXPECT_EQ(at_server, "question");
  ERR_clear_error();
}

TEST_F(TlsLayerTest, RefusesBytesThatSomebodyHasChanged) {
  run();
  client->send("question");
  std::string bytes = client->take_output();
  bytes.back() ^= 1;
  EXPECT_THROW(server->receive(bytes, [](auto) {}), TlsError);
}

TEST_F(TlsLayerTest, RefusesARecordThatComesTwice) {
  run();
  client->send("question");
  const std::string bytes = client->take_output();
  server->receive(bytes, [](auto) {});
  EXPECT_THROW(server->receive(bytes, [](auto) {}), TlsError);
}

TEST_F(TlsLayerTest, ChecksTheAddressWhereTheHostIsOne) {
  connect(files.server(), files.client(), "127.0.0.1");
  EXPECT_EQ(run(), "");
  connect(files.server(), files.client(), "127.0.0.2");
  EXPECT_THAT(run(), HasSubstr("client: the certificate of 127.0.0.2 is for another name"));
}

TEST_F(TlsLayerTest, RefusesACertificateForAnotherName) {
  connect(files.server(), files.client(), "judge.example");
  EXPECT_THAT(run(), HasSubstr("client: the certificate of judge.example is for another name"));
  EXPECT_FALSE(client->is_established());
}

TEST_F(TlsLayerTest, RefusesACertificateOfAnotherCa) {
  test::TlsFiles others;
  connect(others.server(), files.client(), "localhost");
  EXPECT_THAT(run(),
              HasSubstr("the certificate of localhost is not signed by the CA in " + files.path("ca.crt")));
}

TEST_F(TlsLayerTest, RefusesAnExpiredCertificate) {
  const auto old = files.make("old", {.name = "old", .hosts = {"localhost"}}, test::expired());
  connect(TlsContext::for_server({old, ""}), files.client(), "localhost");
  EXPECT_THAT(run(), HasSubstr("the certificate of localhost has expired"));
}

TEST_F(TlsLayerTest, RefusesAClientsCertificateFromAServer) {
  const auto wrong = files.make(
      "wrong", {.name = "wrong", .hosts = {"localhost"}, .for_servers = false, .for_clients = true});
  connect(TlsContext::for_server({wrong, ""}), files.client(), "localhost");
  EXPECT_THAT(run(), HasSubstr("the certificate of localhost is not one for servers"));
}

TEST_F(TlsLayerTest, TakesThePinnedCertificateWhateverItsNameAndDate) {
  const auto old = files.make("old", {.name = "old", .hosts = {"elsewhere"}}, test::expired());
  connect(TlsContext::for_server({old, ""}), TlsContext::for_client(trust("", files.pin)), "localhost");
  EXPECT_EQ(run(), "");
}

TEST_F(TlsLayerTest, RefusesAnyOtherCertificateThanThePinnedOne) {
  files.make("other", {.name = "other", .hosts = {"localhost"}});
  connect(files.server(), TlsContext::for_client(trust("", std::string(64, 'a'))), "localhost");
  EXPECT_THAT(run(), HasSubstr("the certificate of localhost is not the one whose fingerprint is given"));
}

TEST_F(TlsLayerTest, WantsBothWherePinAndCaAreGiven) {
  const auto pair = files.loopback();
  const auto both = TlsContext::for_client(trust(files.path("ca.crt"), files.pin));
  const auto server_context = TlsContext::for_server({pair, ""});
  connect(server_context, both, "localhost");
  EXPECT_EQ(run(), "");
  connect(server_context, both, "judge.example");
  EXPECT_THAT(run(), HasSubstr("another name"));
  connect(server_context, TlsContext::for_client(trust(files.path("ca.crt"), std::string(64, 'a'))),
          "localhost");
  EXPECT_THAT(run(), HasSubstr("fingerprint"));
}

// What a node asks of whoever wants to be its portal.
class MutualTlsTest : public TlsLayerTest {
 protected:
  std::shared_ptr<const TlsContext> strict_server() {
    return TlsContext::for_server({files.loopback(), files.path("ca.crt")});
  }
};

TEST_F(MutualTlsTest, TakesAClientWhoseCertificateTheCaHasSigned) {
  connect(strict_server(), TlsContext::for_client({files.path("ca.crt"), "", files.loopback()}), "localhost");
  EXPECT_EQ(run(), "");
  EXPECT_TRUE(server->is_established());
}

TEST_F(MutualTlsTest, RefusesAClientWithoutACertificate) {
  connect(strict_server(), files.client(), "localhost");
  const std::string problems = run();
  EXPECT_THAT(problems, HasSubstr("server: the peer has no certificate"));
  EXPECT_THAT(problems, HasSubstr("client: localhost wants a certificate of us"));
  EXPECT_FALSE(server->is_established());
}

TEST_F(MutualTlsTest, RefusesACertificateThatIsForServersOnly) {
  const auto node = files.make("node", {.name = "node", .hosts = {"localhost"}});
  connect(strict_server(), TlsContext::for_client({files.path("ca.crt"), "", node}), "localhost");
  EXPECT_THAT(run(), HasSubstr("server: the certificate of the peer is not one for clients"));
}

TEST_F(MutualTlsTest, RefusesACertificateOfAnotherCa) {
  test::TlsFiles others;
  connect(strict_server(), TlsContext::for_client({files.path("ca.crt"), "", others.loopback()}),
          "localhost");
  EXPECT_THAT(run(), HasSubstr("server: the certificate of the peer is not signed by the CA in"));
}

TEST_F(TlsLayerTest, SaysThatAPeerDoesNotSpeakTls) {
  EXPECT_THAT([&] { client->receive("{\"rota\":1,\"type\":\"error\"}\4", [](auto) {}); },
              ::testing::ThrowsMessage<TlsError>(HasSubstr("localhost does not speak TLS")));
}

TEST_F(TlsLayerTest, KnowsAClientThatSendsPacketsInTheClear) {
  EXPECT_THROW(server->receive("{\"rota\":1,\"type\":\"ping\"}\4", [](auto) {}), TlsError);
  EXPECT_TRUE(server->peer_speaks_packets());
}

TEST_F(TlsLayerTest, RefusesGarbageOfAnyKind) {
  for (const std::string& bytes : {std::string(70'000, '\0'), std::string(70'000, '\xff'),
                                   std::string("\x16\x03\x01"
                                               "\xff\xff") +
                                       std::string(70'000, 'x'),
                                   std::string("GET / HTTP/1.1\r\n\r\n")}) {
    TlsLayer fresh(files.server());
    EXPECT_THROW(fresh.receive(bytes, [](auto) {}), TlsError);
  }
}

TEST_F(TlsLayerTest, RefusesAPeerOfTls12) {
  Owned<SSL_CTX, SSL_CTX_free> old(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_max_proto_version(old.get(), TLS1_2_VERSION);
  Owned<SSL, SSL_free> peer(SSL_new(old.get()));
  BIO* const out = BIO_new(BIO_s_mem());
  SSL_set_bio(peer.get(), BIO_new(BIO_s_mem()), out);
  SSL_set_connect_state(peer.get());
  SSL_do_handshake(peer.get());
  char* hello = nullptr;
  const long size = BIO_get_mem_data(out, &hello);
  ERR_clear_error();
  EXPECT_THAT(
      [&] {
        server->receive({hello, static_cast<std::size_t>(size)}, [](auto) {});
      },
      ::testing::ThrowsMessage<TlsError>(HasSubstr("the peer does not speak TLS 1.3")));
}

}  // namespace
}  // namespace rota::net
