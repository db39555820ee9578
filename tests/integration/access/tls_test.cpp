// The real `rota` and a real node, through TLS.

#include <gmock/gmock.h>

#include "tests/integration/access/secure_portal.hpp"
#include "tests/integration/client/command.hpp"
#include "tests/support/processes.hpp"
#include "tests/support/tls_files.hpp"

namespace rota::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class TlsTest : public ::testing::Test {
 protected:
  std::string address(const std::string& host = "localhost") const {
    return host + ":" + std::to_string(portal.daemon->port());
  }

  Outcome nodes(std::vector<std::string> flags, const std::string& host = "localhost") {
    std::vector<std::string> arguments{"nodes", "--portal", address(host), "--connect-timeout", "1s"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return rota(home, arguments);
  }

  std::string ca() const { return portal.path("cluster/ca.crt"); }
  std::string admin() const { return portal.path("cluster/admin.token"); }

  SecurePortal portal;
  Home home;
};

TEST_F(TlsTest, CarriesAJobFromTheClientToANodeThatHasJoined) {
  std::vector<std::string> arguments{"--join",       address(),
                                     "--name",       "judge-a",
                                     "--slots",      "1",
                                     "--tls-ca",     ca(),
                                     "--state-dir",  portal.path("node"),
                                     "--token-file", portal.path("cluster/node-judge-a.token")};
  for (auto& flag : flags_of_test_nodes()) arguments.push_back(flag);
  const Daemon node(program_path("rota-node"), arguments);
  const std::string token = portal.give("submit", "ana");
  home.write("hello.sh", "echo hello $1\n");
  const auto outcome = rota(home, {"submit", "hello.sh", "--portal", address(), "--tls-ca", ca(),
                                   "--token-file", token, "--", "ana"});
  EXPECT_EQ(outcome.out, "hello ana\n") << outcome.err;
  EXPECT_EQ(outcome.status, 0);
  const std::string secret = portal.token_in("ana-submit.token");
  EXPECT_THAT(SecurePortal::text_of(home.client_log()), Not(HasSubstr(secret)));
  EXPECT_THAT(SecurePortal::text_of(portal.path("node/events.log")) + node.output(),
              Not(HasSubstr(portal.token_in("cluster/node-judge-a.token"))));
}

TEST_F(TlsTest, CarriesAJobToANodeThatThePortalConnectsTo) {
  SecurePortal other({}, {"--host", "localhost", "--node", "localhost"});
  std::vector<std::string> arguments{"--listen",        "127.0.0.1:0",
                                     "--name",          "judge-b",
                                     "--slots",         "1",
                                     "--state-dir",     other.path("node"),
                                     "--tls-cert",      other.path("cluster/node-localhost.crt"),
                                     "--tls-key",       other.path("cluster/node-localhost.key"),
                                     "--tls-client-ca", other.path("cluster/ca.crt")};
  for (auto& flag : flags_of_test_nodes()) arguments.push_back(flag);
  const Daemon node(program_path("rota-node"), arguments);
  auto flags = SecurePortal::with_tls(other);
  flags.insert(flags.end(), {"--tls-ca", other.path("cluster/ca.crt"), "--node",
                             "localhost:" + std::to_string(node.port())});
  other.daemon.reset();
  other.start(flags);
  home.write("hello.sh", "echo hello\n");
  const auto outcome = rota(
      home, {"submit", "hello.sh", "--portal", "localhost:" + std::to_string(other.daemon->port()),
             "--tls-ca", other.path("cluster/ca.crt"), "--token-file", other.path("cluster/admin.token")});
  EXPECT_EQ(outcome.out, "hello\n") << outcome.err;
  // Without the portal's certificate nobody has the node run anything.
  const auto direct =
      rota(home, {"submit", "hello.sh", "--portal", "localhost:" + std::to_string(node.port()), "--tls-ca",
                  other.path("cluster/ca.crt"), "--connect-timeout", "1s"});
  EXPECT_EQ(direct.status, 75);
}

TEST_F(TlsTest, TakesThePinnedCertificateWhateverTheHostIsCalled) {
  const auto at = portal.told.find("--tls-pin ");
  ASSERT_NE(at, std::string::npos);
  const auto outcome =
      nodes({"--tls-pin", portal.told.substr(at + 10, 64), "--token-file", admin()}, "127.0.0.1");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
}

TEST_F(TlsTest, RefusesAnyOtherThanThePinnedCertificate) {
  const auto outcome = nodes({"--tls-pin", std::string(64, 'a'), "--token-file", admin()});
  EXPECT_EQ(outcome.status, 75);
  EXPECT_THAT(outcome.err,
              HasSubstr("the certificate of localhost is not the one whose fingerprint is given"));
}

TEST_F(TlsTest, RefusesAnotherCa) {
  const TlsFiles others;
  const auto outcome = nodes({"--tls-ca", others.path("ca.crt"), "--token-file", admin()});
  EXPECT_EQ(outcome.status, 75);
  EXPECT_THAT(outcome.err,
              HasSubstr("the certificate of localhost is not signed by the CA in " + others.path("ca.crt")));
}

TEST_F(TlsTest, RefusesAnotherHostName) {
  const auto outcome = nodes({"--tls-ca", ca(), "--token-file", admin()}, "127.0.0.1");
  EXPECT_EQ(outcome.status, 75);
  EXPECT_THAT(outcome.err, HasSubstr("the certificate of 127.0.0.1 is for another name"));
}

TEST_F(TlsTest, RefusesAnExpiredCertificate) {
  TlsFiles files;
  const auto old = files.make("old", {.name = "old", .hosts = {"localhost"}}, expired());
  portal.daemon.reset();
  portal.start({"--tls-cert", old.certificate, "--tls-key", old.key});
  const auto outcome = nodes({"--tls-ca", files.path("ca.crt"), "--token-file", admin()});
  EXPECT_EQ(outcome.status, 75);
  EXPECT_THAT(outcome.err, HasSubstr("the certificate of localhost has expired"));
}

TEST_F(TlsTest, SaysSoWhereOneSideSpeaksItAndTheOtherDoesNot) {
  EXPECT_THAT(nodes({}).err, HasSubstr("TLS is spoken here"));
  portal.daemon.reset();
  portal.start(kPlainWithTokens);
  EXPECT_THAT(nodes({"--tls-ca", ca(), "--token-file", admin()}).err, HasSubstr("localhost does not"));
}

TEST_F(TlsTest, WantsATokenAndSaysWhereItComesFrom) {
  const auto none = nodes({"--tls-ca", ca()});
  EXPECT_EQ(none.status, 64);
  EXPECT_THAT(none.err, HasSubstr("--token-file"));
}

TEST_F(TlsTest, DoesNotTryAWrongTokenOverAndOver) {
  home.write("wrong.token", "rota_wrong\n");
  home.write("hello.sh", "echo hello\n");
  const std::string file = home.work() / "wrong.token";
  ::chmod(file.c_str(), 0600);
  const auto outcome =
      rota(home, {"submit", "hello.sh", "--portal", address(), "--tls-ca", ca(), "--token-file", file});
  EXPECT_EQ(outcome.status, 64);
  EXPECT_THAT(outcome.err, HasSubstr("it refused the token"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("rota_wrong")));
  const std::string log = portal.log();
  EXPECT_EQ(log.find("authentication.failed"), log.rfind("authentication.failed"));
}

TEST_F(TlsTest, TakesTheTokenFromTheEnvironment) {
  const auto outcome = rota(home, {"nodes", "--portal", address(), "--tls-ca", ca()},
                            {.environment = {{"ROTA_TOKEN", portal.token_in("cluster/admin.token")}}});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
}

TEST_F(TlsTest, EndsWhoFollowsTheLogsWithARevokedToken) {
  Command follows(home, {"logs", "--follow", "--portal", address(), "--tls-ca", ca(), "--token-file",
                         portal.give("admin", "eve")});
  EXPECT_TRUE(becomes_true([this] { return portal.log().find("portal.started") != std::string::npos; }));
  portal.revoke("eve");
  const auto outcome = follows.finish();
  EXPECT_EQ(outcome.status, 64);
}

TEST_F(TlsTest, SendsNoTokenToAPortalThatOnlyAProjectNames) {
  home.write(".rota.json", R"({"portal": "judge.invalid:4000"})");
  const auto outcome = rota(home, {"nodes"}, {.environment = {{"ROTA_TOKEN", "rota_secret"}}});
  EXPECT_EQ(outcome.status, 64);
  EXPECT_THAT(outcome.err, HasSubstr("your token is not given to judge.invalid:4000"));
}

TEST(OpenDoor, IsNotListenedAtWithoutAWord) {
  const TempDir folder("rota-door-");
  const std::string state = folder.path() / "state";
  const auto portal =
      run_to_end(program_path("rota-portal"), {"--listen", "0.0.0.0:0", "--state-dir", state});
  EXPECT_NE(portal.status, 0);
  EXPECT_THAT(portal.output, HasSubstr("--tls-cert FILE and --tls-key FILE, or --insecure"));
  const auto node = run_to_end(program_path("rota-node"), {"--listen", "0.0.0.0:0", "--state-dir", state});
  EXPECT_NE(node.status, 0);
  EXPECT_THAT(node.output, HasSubstr("--tls-cert FILE and --tls-key FILE, or --insecure"));
  const Daemon open(program_path("rota-portal"),
                    {"--listen", "0.0.0.0:0", "--state-dir", state, "--insecure"});
}

TEST(OpenDoor, IsNotListenedAtWithTlsAlone) {
  SecurePortal portal;
  auto flags = SecurePortal::with_tls(portal);
  flags.insert(flags.begin(), {"--listen", "0.0.0.0:0", "--state-dir", portal.path("other")});
  const auto refused = run_to_end(program_path("rota-portal"), flags);
  EXPECT_NE(refused.status, 0);
  EXPECT_THAT(refused.output, HasSubstr("nobody is asked for a token"));
}

}  // namespace
}  // namespace rota::test
