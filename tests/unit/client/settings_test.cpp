#include "client/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "base/temp_dir.hpp"
#include "client/client_error.hpp"
#include "client/exit_status.hpp"

namespace rota::client {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class SettingsTest : public testing::Test {
 protected:
  SettingsTest() { std::filesystem::create_directories(work()); }

  std::filesystem::path work() const { return folder_.path() / "project/deep/er"; }
  std::filesystem::path project_file() const { return folder_.path() / "project/.rota.json"; }
  std::filesystem::path user_file() const { return folder_.path() / "home/.config/rota/config.json"; }

  static void write(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }

  Settings load() {
    environment_.emplace("HOME", (folder_.path() / "home").string());
    const auto look_up = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = environment_.find(name);
      return found == environment_.end() ? std::nullopt : std::optional(found->second);
    };
    return load_settings({flags_, look_up, work()});
  }

  int portal_port() { return load().portals.at(0).port; }

  std::string refusal() {
    try {
      load();
    } catch (const ClientError& error) {
      EXPECT_EQ(error.status(), kUsage);
      return error.what();
    }
    return "not refused";
  }

  TempDir folder_{"rota-test-"};
  std::map<std::string, std::string> flags_;
  std::map<std::string, std::string> environment_;
};

TEST_F(SettingsTest, HaveDefaultsAndNoPortalWhereNothingIsConfigured) {
  const auto settings = load();
  EXPECT_TRUE(settings.portals.empty());
  EXPECT_FALSE(settings.schedule);
  EXPECT_EQ(settings.connect_timeout, std::chrono::seconds(5));
  EXPECT_EQ(settings.log, folder_.path() / "home/.local/state/rota/client.log");
}

TEST_F(SettingsTest, AreTakenFromFlagThenEnvironmentThenProjectThenUser) {
  write(user_file(), R"({"portal": "h:1"})");
  EXPECT_EQ(portal_port(), 1);
  write(project_file(), R"({"portal": "h:2"})");
  EXPECT_EQ(portal_port(), 2);
  environment_["ROTA_PORTAL"] = "h:3";
  EXPECT_EQ(portal_port(), 3);
  flags_["portal"] = "h:4";
  EXPECT_EQ(portal_port(), 4);
}

TEST_F(SettingsTest, AreMergedKeyByKey) {
  write(user_file(), R"({"portal": "h:1", "connect_timeout": "2s", "log": "/tmp/x"})");
  write(project_file(), R"({"schedule": "round-robin"})");
  const auto settings = load();
  EXPECT_EQ(settings.portals.at(0).port, 1);
  EXPECT_EQ(settings.connect_timeout, std::chrono::seconds(2));
  EXPECT_EQ(settings.schedule, protocol::Schedule::round_robin);
  EXPECT_EQ(settings.log, "/tmp/x");
}

TEST_F(SettingsTest, SayWhereThePortalWasNamed) {
  write(project_file(), R"({"portal": "h:2"})");
  EXPECT_EQ(load().portal_origin, project_file());
  environment_["ROTA_PORTAL"] = "h:3";
  EXPECT_EQ(load().portal_origin, "ROTA_PORTAL");
  flags_["portal"] = "h:4";
  EXPECT_EQ(load().portal_origin, "--portal");
}

TEST_F(SettingsTest, MayNameSeveralPortals) {
  environment_["ROTA_PORTAL"] = "a:1,[::1]:2";
  const auto portals = load().portals;
  ASSERT_EQ(portals.size(), 2u);
  EXPECT_EQ(portals[0].host, "a");
  EXPECT_EQ(portals[1].port, 2);
}

TEST_F(SettingsTest, RefuseAListOfPortalsWithAHoleOrWithTooMany) {
  for (const char* text : {"a:1,", ",a:1", "a:1,,b:2", ","}) {
    environment_["ROTA_PORTAL"] = text;
    EXPECT_THAT(refusal(), HasSubstr("is not HOST:PORT")) << text;
  }
  std::string many = "a:1";
  for (std::size_t i = 0; i < kMaxPortals; ++i) many += ",a:1";
  environment_["ROTA_PORTAL"] = many;
  EXPECT_THAT(refusal(), HasSubstr("16 are the most"));
}

TEST_F(SettingsTest, OfTheNearestProjectFileCount) {
  write(folder_.path() / ".rota.json", R"({"portal": "h:1"})");
  write(project_file(), R"({"portal": "h:2"})");
  EXPECT_EQ(portal_port(), 2);
}

TEST_F(SettingsTest, TreatAnEmptyVariableAsUnset) {
  environment_["ROTA_PORTAL"] = "";
  EXPECT_TRUE(load().portals.empty());
}

TEST_F(SettingsTest, FollowTheXdgFolders) {
  environment_["XDG_CONFIG_HOME"] = (folder_.path() / "config").string();
  environment_["XDG_STATE_HOME"] = "/state";
  write(folder_.path() / "config/rota/config.json", R"({"portal": "h:7"})");
  EXPECT_EQ(portal_port(), 7);
  EXPECT_EQ(load().log, "/state/rota/client.log");
  environment_["XDG_CACHE_HOME"] = "/cache";
  EXPECT_EQ(load().cache, "/cache/rota");
}

TEST_F(SettingsTest, IgnoreARelativeXdgFolder) {
  environment_["XDG_STATE_HOME"] = "state";
  EXPECT_EQ(load().log, folder_.path() / "home/.local/state/rota/client.log");
}

TEST_F(SettingsTest, NameFileAndKeyOfABadValue) {
  write(project_file(), R"({"portal": "nowhere"})");
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr(project_file().string()), HasSubstr("\"portal\""), HasSubstr("nowhere")));
  write(project_file(), R"({"portal": 4000})");
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr(project_file().string()), HasSubstr("\"portal\""), HasSubstr("a string")));
}

TEST_F(SettingsTest, NameFileAndKeyOfAnUnknownKey) {
  write(user_file(), R"({"prtal": "h:1"})");
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr(user_file().string()), HasSubstr("\"prtal\""), HasSubstr("portal, schedule")));
}

TEST_F(SettingsTest, NameTheFileThatIsNoJsonObject) {
  write(user_file(), "portal: h:1");
  EXPECT_THAT(refusal(), AllOf(HasSubstr(user_file().string()), HasSubstr("is not JSON")));
  write(user_file(), "[]");
  EXPECT_THAT(refusal(), AllOf(HasSubstr(user_file().string()), HasSubstr("one JSON object")));
}

TEST_F(SettingsTest, DoNotLetAProjectFileSayWhereTheLogIsWritten) {
  write(project_file(), R"({"log": "/home/somebody/.profile"})");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("\"log\""), HasSubstr("your own configuration")));
}

TEST_F(SettingsTest, NameTheVariableOrFlagOfABadValue) {
  environment_["ROTA_CONNECT_TIMEOUT"] = "5";
  EXPECT_THAT(refusal(), HasSubstr("ROTA_CONNECT_TIMEOUT: '5'"));
  environment_.clear();
  flags_["connect_timeout"] = "x";
  EXPECT_THAT(refusal(), HasSubstr("--connect-timeout: 'x'"));
}

TEST(Portal, IsHostAndPort) {
  EXPECT_EQ(parse_portal("judge.example:4000").host, "judge.example");
  EXPECT_EQ(parse_portal("[::1]:4000").host, "::1");
  for (const char* text :
       {"", "4000", "host", "host:", ":4000", "host:0", "host:65536", "host:-1", "::1:4000"}) {
    EXPECT_THROW(parse_portal(text), std::invalid_argument) << text;
  }
}

TEST(ScheduleChoice, IsANameOrTheDialoguesNumber) {
  using protocol::Schedule;
  EXPECT_EQ(parse_schedule("1"), Schedule::random);
  EXPECT_EQ(parse_schedule("random"), Schedule::random);
  EXPECT_EQ(parse_schedule("2"), Schedule::round_robin);
  EXPECT_EQ(parse_schedule("round-robin"), Schedule::round_robin);
  EXPECT_EQ(parse_schedule("least-loaded"), Schedule::least_loaded);
  EXPECT_THROW(parse_schedule("3"), std::invalid_argument);
  EXPECT_THROW(parse_schedule(""), std::invalid_argument);
}

TEST_F(SettingsTest, AreNotTakenFromAProjectFileOfSomebodyElse) {
  write(project_file(), R"({"portal": "ours:1"})");
  write(work() / ".rota.json", R"({"portal": "theirs:2"})");
  if (::chown((work() / ".rota.json").c_str(), 65534, 65534) != 0)
    GTEST_SKIP() << "only root can give files away";
  EXPECT_EQ(load().portals.at(0).host, "ours");
}

TEST_F(SettingsTest, AreNotTakenFromWhatIsNoFile) {
  write(project_file(), R"({"portal": "ours:1"})");
  ASSERT_EQ(::mkfifo((work() / ".rota.json").c_str(), 0600), 0);
  EXPECT_EQ(load().portals.at(0).host, "ours");
}

}  // namespace
}  // namespace rota::client
