#include "portal/init.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "base/temp_dir.hpp"
#include "net/tls_context.hpp"
#include "portal/tokens.hpp"

namespace rota::portal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class InitTest : public ::testing::Test {
 protected:
  std::string text_of(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path(name)).rdbuf();
    return text.str();
  }
  std::filesystem::path path(const std::string& name) const { return settings.folder / name; }
  std::string token_of(const std::string& name) const {
    return text_of(name).substr(0, text_of(name).size() - 1);
  }

  TempDir parent{"rota-init-"};
  InitSettings settings{
      .folder = parent.path() / "cluster", .hosts = {"judge.example"}, .nodes = {"judge-a"}};
};

TEST_F(InitTest, MakesWhatPortalAndNodesSpeakTlsWith) {
  init(settings, now().utc);
  EXPECT_NO_THROW(net::TlsContext::for_server({{path("portal.crt"), path("portal.key")}, ""}));
  EXPECT_NO_THROW(
      net::TlsContext::for_server({{path("node-judge-a.crt"), path("node-judge-a.key")}, path("ca.crt")}));
}

TEST_F(InitTest, MakesTheFirstTokens) {
  init(settings, now().utc);
  const Tokens tokens(path("tokens"), [](const std::string&) {});
  EXPECT_EQ(tokens.identify(token_of("admin.token"), now().utc)->role, Role::admin);
  const auto node = tokens.identify(token_of("node-judge-a.token"), now().utc);
  EXPECT_EQ(node->role, Role::node);
  EXPECT_EQ(node->user, "judge-a");
}

TEST_F(InitTest, KeepsAllOfItToItsOwner) {
  init(settings, now().utc);
  struct stat status {};
  ASSERT_EQ(::stat(settings.folder.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  for (const auto& entry : std::filesystem::directory_iterator(settings.folder)) {
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u) << entry.path();
  }
}

TEST_F(InitTest, TellsWhatToTypeAndNoSecret) {
  const std::string lines = init(settings, now().utc);
  EXPECT_THAT(lines,
              HasSubstr("rota-portal --listen 0.0.0.0:4000 --tls-cert " + path("portal.crt").string()));
  EXPECT_THAT(lines, HasSubstr("--portal judge.example:4000 --tls-ca ca.crt --token-file admin.token"));
  EXPECT_THAT(lines, HasSubstr("rota-node --join judge.example:4000"));
  EXPECT_THAT(lines, Not(HasSubstr("rota_")));
}

TEST_F(InitTest, OverwritesNothing) {
  init(settings, now().utc);
  const std::string before = text_of("ca.key");
  EXPECT_THAT(
      [&] { init(settings, now().utc); },
      ::testing::ThrowsMessage<std::runtime_error>(HasSubstr("is there already; nothing has been written")));
  EXPECT_EQ(text_of("ca.key"), before);
}

TEST_F(InitTest, RefusesNamesThatAreNone) {
  for (const char* node : {"", "../x", "a/b", "-x", ".x", "a b"}) {
    settings.nodes = {node};
    EXPECT_THROW(init(settings, now().utc), std::invalid_argument) << node;
  }
  settings.nodes = {"a", "a"};
  EXPECT_THROW(init(settings, now().utc), std::invalid_argument);
  settings.nodes = {};
  settings.hosts = {"a,DNS:b"};
  EXPECT_THROW(init(settings, now().utc), std::runtime_error);
  EXPECT_FALSE(std::filesystem::exists(settings.folder));
}

}  // namespace
}  // namespace rota::portal
