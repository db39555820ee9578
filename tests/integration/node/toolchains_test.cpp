// Which languages a node offers, and what it prepares for their compilers: with language files of the test's own.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/integration/node/node_fixture.hpp"

namespace rota::test {
namespace {

using nlohmann::json;
using protocol::Cause;
using protocol::Verdict;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

class Toolchains : public NodeTest {
 protected:
  std::filesystem::path languages() const { return folder.path() / "languages"; }

  void write(const std::string& id, json language) const {
    std::filesystem::create_directories(languages());
    language.emplace("extensions", json::array({id}));
    std::ofstream(languages() / (id + ".json")) << language;
  }

  void start(std::vector<std::string> more = {}, unsigned slots = 2) {
    more.insert(more.begin(),
                {"--prepare", "--languages", languages(), "--host-cache", folder.path() / "host"});
    start_node_with_slots(slots, std::move(more));
  }

  std::vector<std::string> offered() const {
    PacketClient client = connect();
    client.send(protocol::Hello{});
    return client.expect<protocol::Hello>().languages;
  }

  protocol::Error refusal(const protocol::Submit& submission) const {
    PacketClient client = connect();
    client.send(submission);
    return client.expect<protocol::Error>();
  }

  // Its log tells when a background preparation has ended.
  protocol::Event wait_for_log(const std::string& name) const {
    EXPECT_TRUE(becomes_true([&] { return !logged(name).empty(); })) << name;
    return logged(name).at(0);
  }
};

json interpreter(const std::string& name, const std::string& program) {
  return {{"name", name},
          {"version", {program, "--version"}},
          {"run", {{"argv", {program, "{source}", "{arguments}"}}}}};
}

// A "compiler" that copies, and a quick one that takes what was prepared. What either makes says who made it.
json copier(const std::string& quick_program) {
  return {
      {"name", "Copier"},
      {"warm_ups",
       {{{"id", "w"},
         {"files", {{"part.sh", "echo quick\n"}}},
         {"compile", {{"argv", {"/bin/cp", "part.sh", "{output}"}}, {"outputs", {"made.sh"}}}}}}},
      {"fast_compile",
       {{{"warm_up", "w"},
         {"compile", {{"argv", {quick_program, "{warm}/made.sh", "{output}"}}, {"outputs", {"program"}}}}}}},
      {"compile", {{"argv", {"/bin/cp", "{source}", "{output}"}}, {"outputs", {"program"}}}},
      {"run", {{"argv", {"/bin/sh", "{output}", "{arguments}"}}}}};
}

TEST_F(Toolchains, ThatAreMissingAreNotOfferedAndSayWhatToInstall) {
  auto missing = interpreter("Missing", "/usr/bin/no-such-interpreter");
  missing["packages"] = {"interpreter", "its-library"};
  missing["version"] = {"/usr/bin/no-such-interpreter", "-v"};
  write("missing", missing);
  write("here", {{"name", "Here"}, {"run", {{"argv", {"/bin/sh", "{source}", "{arguments}"}}}}});
  start();
  EXPECT_THAT(offered(), UnorderedElementsAre("Here"));
  EXPECT_THAT(refusal(job("a.missing", "")).message,
              HasSubstr("/usr/bin/no-such-interpreter is missing; install interpreter its-library"));
}

TEST_F(Toolchains, ThatDoNotStartInTheBoxAreNotOffered) {
  auto broken = interpreter("Broken", "/bin/false");
  write("broken", broken);
  write("bash", interpreter("Bash", "/bin/bash"));
  start();
  EXPECT_THAT(offered(), UnorderedElementsAre("Bash"));
  EXPECT_THAT(refusal(job("a.broken", "")).message, HasSubstr("/bin/false --version ended with exit code 1"));
}

TEST_F(Toolchains, TheOneThatIsWantedIsAskedAlsoWhereNothingIsPrepared) {
  for (const char* name : {"broken", "other"}) {
    auto broken = interpreter(name, "/bin/bash");
    broken["version"] = {"/bin/false", "--version"};
    write(name, broken);
  }
  start({"--no-prepare", "--ask-toolchain", "a.broken"});
  EXPECT_THAT(offered(), UnorderedElementsAre("other"));
  EXPECT_THAT(refusal(job("a.broken", "")).message, HasSubstr("/bin/false --version ended with exit code 1"));
}

TEST_F(Toolchains, OutsideOfTheSystemsFoldersAreBroughtByOneMount) {
  const auto tools = folder.path() / "tools";
  std::filesystem::create_directories(tools / "bin");
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  std::filesystem::copy("/bin/dash", tools / "bin/own-sh");
  auto language = interpreter("Own", "/opt/own/bin/own-sh");
  language["version"] = {"/opt/own/bin/own-sh", "-c", "echo version 1.2.3"};
  language["mounts"] = {tools.string() + ":/opt/own", "?/nonexistent/folder"};
  write("own", language);
  start();
  EXPECT_THAT(offered(), UnorderedElementsAre("Own"));
  EXPECT_EQ(submit(job("a.own", "echo from $0; echo x > /opt/own/x || echo read-only")).stdout_bytes,
            "from a.own\nread-only\n");
}

TEST_F(Toolchains, AreRememberedAcrossRestarts) {
  write("bash", interpreter("Bash", "/bin/bash"));
  start();
  node->stop();
  std::ifstream stream(folder.path() / "host/toolchains.json");
  const auto remembered = json::parse(stream);
  ASSERT_EQ(remembered.size(), 1u);
  EXPECT_THAT(remembered.begin().value().get<std::string>(), HasSubstr("5."));
}

TEST_F(Toolchains, ARuntimeThatSaysItHasNoMemoryLeftIsMle) {
  auto language = interpreter("Bash", "/bin/bash");
  language["run"]["out_of_memory"] = {"OutOfMemoryError"};
  write("bash", language);
  start();
  const auto result = submit(job("a.bash", "echo java.lang.OutOfMemoryError >&2; exit 3"));
  EXPECT_EQ(result.verdict, Verdict::MLE);
  EXPECT_EQ(result.run->cause, Cause::memory);
  EXPECT_EQ(submit(job("a.bash", "echo OutOfMemoryError >&2; exit 0")).verdict, Verdict::AC);
  EXPECT_EQ(submit(job("a.bash", "echo other >&2; exit 3")).verdict, Verdict::RTE);
}

TEST_F(Toolchains, AQuickCompileTakesWhatWasPrepared) {
  write("copier", copier("/bin/cp"));
  start();
  wait_for_log("warm-up.made");
  EXPECT_EQ(submit(job("a.copier", "echo plain")).stdout_bytes, "quick\n");
}

TEST_F(Toolchains, WhatWasPreparedIsFoundAgainAfterARestart) {
  write("copier", copier("/bin/cp"));
  start();
  wait_for_log("warm-up.made");
  node->stop();
  start({"--no-prepare"});
  EXPECT_EQ(submit(job("a.copier", "echo plain")).stdout_bytes, "quick\n");
}

TEST_F(Toolchains, AQuickCompileThatFailsIsAsIfItHadNotBeen) {
  write("copier", copier("/bin/false"));
  start();
  wait_for_log("warm-up.made");
  const auto result = submit(job("a.copier", "echo plain"));
  EXPECT_EQ(result.stdout_bytes, "plain\n");
  EXPECT_EQ(result.compiler_output, "");
  EXPECT_EQ(result.compile->exit_code, 0);
}

TEST_F(Toolchains, APreparationThatFailsIsLoggedAndDoneWithout) {
  auto language = copier("/bin/cp");
  language["warm_ups"][0]["compile"]["argv"] = {"/bin/ls", "no-such-file"};
  write("copier", language);
  start();
  const auto event = wait_for_log("warm-up.failed");
  EXPECT_THAT(std::get<std::string>(event.fields.at("output")), HasSubstr("no-such-file"));
  EXPECT_EQ(submit(job("a.copier", "echo plain")).stdout_bytes, "plain\n");
}

TEST_F(Toolchains, APreparationGivesWayToJobs) {
  auto language = copier("/bin/cp");
  language["warm_ups"][0]["compile"]["argv"] = {"/bin/sleep", "50"};
  language["warm_ups"][0]["compile"]["outputs"] = json::array({"never"});
  write("copier", language);
  start({}, 1);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(submit(job("a.copier", "echo plain")).stdout_bytes, "plain\n");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

}  // namespace
}  // namespace rota::test
