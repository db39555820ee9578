// What `rota` says without any daemon: usage, settings, colours.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/client/command.hpp"
#include "tests/support/daemon.hpp"

namespace rota::test {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Rota, TellsItsVersionAndItsHelp) {
  const Home home;
  EXPECT_THAT(rota(home, {"--version"}).out, HasSubstr("rota "));
  const auto help = rota(home, {"--help"});
  EXPECT_EQ(help.status, 0);
  for (const char* word : {"submit", "run", "wait", "cancel", "logs", "nodes", "HOST", "PORT", "124"})
    EXPECT_THAT(help.out, HasSubstr(word));
}

TEST(Rota, TellsOfEachVerbWithExamples) {
  const Home home;
  for (const char* verb : {"submit", "run", "wait", "cancel", "logs", "nodes"}) {
    const auto help = rota(home, {verb, "--help"});
    EXPECT_EQ(help.status, 0);
    EXPECT_THAT(help.out, HasSubstr("Examples:\n  ")) << verb;
  }
}

TEST(Rota, EndsWith64WhereTheCallMakesNoSense) {
  const Home home;
  home.write("a.c", "int main(void) {}\n");
  const std::vector<std::vector<std::string>> calls = {{},
                                                       {"frobnicate"},
                                                       {"submit"},
                                                       {"submit", "a.c", "stray"},
                                                       {"submit", "a.c", "--frobnicate"},
                                                       {"submit", "a.c", "--portal", "nonsense"},
                                                       {"run", "a.c", "--schedule", "3"},
                                                       {"logs", "--portal", "127.0.0.1:1", "--", "x"},
                                                       {"submit", "a.c", "--detach", "--events"},
                                                       {"logs", "--portal", "127.0.0.1:1", "--job", "x"},
                                                       {"127.0.0.1", "nonsense"}};
  for (const auto& call : calls) {
    const auto outcome = rota(home, call);
    EXPECT_EQ(outcome.status, 64) << testing::PrintToString(call) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr("rota: "));
  }
}

TEST(Rota, SaysWhatToDoWhereNoPortalIsConfigured) {
  const Home home;
  home.write("a.c", "int main(void) {}\n");
  const auto outcome = rota(home, {"submit", "a.c"});
  EXPECT_EQ(outcome.status, 64);
  for (const char* way : {"--portal", "ROTA_PORTAL", ".rota.json", "rota run"})
    EXPECT_THAT(outcome.err, HasSubstr(way));
}

TEST(Rota, EndsWith66WhereTheSourceCannotBeRead) {
  const Home home;
  EXPECT_EQ(rota(home, {"submit", "missing.c", "--portal", "127.0.0.1:1"}).status, 66);
  EXPECT_EQ(rota(home, {"submit", "missing.tar", "--portal", "127.0.0.1:1"}).status, 66);
}

TEST(Rota, NamesAddressAndOriginWhereThePortalCannotBeReached) {
  const Home home;
  home.write("a.c", "int main(void) {}\n");
  const auto outcome = rota(home, {"submit", "a.c", "--connect-timeout", "100ms"},
                            {.environment = {{"ROTA_PORTAL", "127.0.0.1:1"}}});
  EXPECT_EQ(outcome.status, 75);
  EXPECT_THAT(outcome.err, HasSubstr("127.0.0.1:1"));
  EXPECT_THAT(outcome.err, HasSubstr("ROTA_PORTAL"));
}

TEST(Rota, NamesFileAndKeyOfABadSetting) {
  const Home home;
  home.write(".rota.json", R"({"portal": "nowhere"})");
  const auto outcome = rota(home, {"nodes"});
  EXPECT_EQ(outcome.status, 64);
  EXPECT_THAT(outcome.err, HasSubstr(".rota.json: key \"portal\""));
}

TEST(Rota, SaysSoWhereThereAreNoDaemonsBesideIt) {
  const Home home;
  home.write("a.c", "int main(void) {}\n");
  std::filesystem::copy(program_path("rota"), home.path() / "rota");
  const auto outcome = rota(home, {"run", "a.c"}, {.program = home.path() / "rota"});
  EXPECT_EQ(outcome.status, 75);
  EXPECT_THAT(outcome.err, HasSubstr("rota-portal is missing"));
  EXPECT_TRUE(std::filesystem::is_empty(home.temporary()));
}

}  // namespace
}  // namespace rota::test
