#include "client/credentials.hpp"

#include <gmock/gmock.h>

#include "client/client_error.hpp"
#include "tests/support/tls_files.hpp"

namespace rota::client {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

// A project that somebody has cloned, and what its user has said elsewhere.
class CredentialsTest : public ::testing::Test {
 protected:
  CredentialsTest() {
    std::filesystem::create_directories(project());
    std::filesystem::create_directories(files.folder.path() / "home/.config/rota");
    files.write("token", "rota_secret\n");
    environment["HOME"] = files.path("home");
  }

  std::filesystem::path project() const { return files.folder.path() / "project"; }
  void project_says(const std::string& json) { files.write("project/.rota.json", json); }
  void user_says(const std::string& json) { files.write("home/.config/rota/config.json", json); }

  SessionOptions options() {
    const auto look_up = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = environment.find(name);
      return found == environment.end() ? std::nullopt : std::optional(found->second);
    };
    return session_options(load_settings({flags, look_up, project()}));
  }
  std::string token() { return options().credentials.token; }

  test::TlsFiles files;
  std::map<std::string, std::string> flags, environment;
};

TEST_F(CredentialsTest, AreNoneWhereNoneAreGiven) {
  flags["portal"] = "judge.example:4000";
  EXPECT_EQ(token(), "");
  EXPECT_EQ(options().credentials.tls, nullptr);
}

TEST_F(CredentialsTest, AreTakenFromTheEnvironmentOrAFile) {
  environment["ROTA_PORTAL"] = "judge.example:4000";
  environment["ROTA_TOKEN_FILE"] = files.path("token");
  EXPECT_EQ(token(), "rota_secret");
  environment["ROTA_TOKEN"] = "rota_other";
  EXPECT_EQ(token(), "rota_other");
  flags["token_file"] = files.path("token");
  EXPECT_EQ(token(), "rota_secret");
}

TEST_F(CredentialsTest, GoToThePortalThatTheUsersOwnFileNames) {
  user_says(R"({"portal": "judge.example:4000", "token_file": ")" + files.path("token") +
            R"(", "tls_ca": ")" + files.path("ca.crt") + "\"}");
  EXPECT_EQ(token(), "rota_secret");
  EXPECT_NE(options().credentials.tls, nullptr);
}

TEST_F(CredentialsTest, DoNotGoToAPortalThatOnlyTheProjectNames) {
  project_says(R"({"portal": "evil.example:4000"})");
  for (const char* name : {"ROTA_TOKEN", "ROTA_TOKEN_FILE"}) {
    environment.erase("ROTA_TOKEN");
    environment[name] = files.path("token");
    EXPECT_THAT([&] { options(); },
                ThrowsMessage<ClientError>(AllOf(HasSubstr("evil.example:4000"),
                                                 HasSubstr("project/.rota.json"), HasSubstr("--portal"))));
  }
  environment.clear();
  environment["HOME"] = files.path("home");
  user_says(R"({"portal": "judge.example:4000", "token_file": ")" + files.path("token") + "\"}");
  EXPECT_THROW(options(), ClientError);
}

TEST_F(CredentialsTest, DoNotGoToOneOfSeveralPortalsThatOnlyTheProjectNames) {
  user_says(R"({"portal": "judge.example:4000"})");
  environment["ROTA_TOKEN"] = "rota_secret";
  project_says(R"({"portal": "judge.example:4000,evil.example:4000"})");
  EXPECT_THROW(options(), ClientError);
}

TEST_F(CredentialsTest, GoToAPortalThatTheProjectAndTheUserName) {
  user_says(R"({"portal": "judge.example:4000"})");
  project_says(R"({"portal": "judge.example:4000"})");
  environment["ROTA_TOKEN"] = "rota_secret";
  EXPECT_EQ(token(), "rota_secret");
}

TEST_F(CredentialsTest, DoNotGoToAnotherPortOfTheUsersHost) {
  user_says(R"({"portal": "judge.example:4000"})");
  project_says(R"({"portal": "judge.example:4001"})");
  environment["ROTA_TOKEN"] = "rota_secret";
  EXPECT_THROW(options(), ClientError);
}

TEST_F(CredentialsTest, GoWhereAFlagSaysWhateverTheProjectDoes) {
  project_says(R"({"portal": "evil.example:4000"})");
  environment["ROTA_TOKEN"] = "rota_secret";
  flags["portal"] = "judge.example:4000";
  EXPECT_EQ(token(), "rota_secret");
}

TEST_F(CredentialsTest, StayAtHomeWhereTheProjectNamesAPortalOfThisMachine) {
  environment["ROTA_TOKEN"] = "rota_secret";
  for (const char* portal : {"127.0.0.1:4000", "localhost:4000", "[::1]:4000"}) {
    project_says(R"({"portal": ")" + std::string(portal) + "\"}");
    EXPECT_EQ(token(), "") << portal;
  }
}

TEST_F(CredentialsTest, AreNotForAProjectToName) {
  for (const char* key : {"token_file", "tls_ca", "tls_pin"}) {
    project_says(R"({")" + std::string(key) + R"(": "/home/ana/.ssh/id_ed25519"})");
    EXPECT_THAT([&] { options(); }, ThrowsMessage<ClientError>(
                                        AllOf(HasSubstr(key), HasSubstr("not taken from a project file"))));
  }
}

TEST_F(CredentialsTest, ThatAreNotGoodAreNamed) {
  flags["portal"] = "judge.example:4000";
  flags["tls_ca"] = "/nonexistent";
  EXPECT_THAT([&] { options(); }, ThrowsMessage<ClientError>(HasSubstr("/nonexistent as CA")));
  flags["tls_ca"] = "";
  flags["tls_pin"] = "xyz";
  EXPECT_THAT([&] { options(); },
              ThrowsMessage<ClientError>(HasSubstr("--tls-pin: 'xyz' is no SHA-256 fingerprint")));
  flags.erase("tls_pin");
  flags["token_file"] = "/nonexistent";
  EXPECT_THAT([&] { options(); }, ThrowsMessage<ClientError>(HasSubstr("/nonexistent: cannot be read")));
}

}  // namespace
}  // namespace rota::client
