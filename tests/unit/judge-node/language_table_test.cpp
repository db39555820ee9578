#include "judge-node/language_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/temp_dir.hpp"
#include "judge-node/language_reader.hpp"
#include "protocol/error.hpp"

namespace rota::node {
namespace {

using protocol::ErrorCode;
using protocol::ProtocolError;
using testing::HasSubstr;

Language language(std::string name, std::vector<std::string> aliases, std::vector<std::string> extensions) {
  Language made;
  made.id = "id-" + name;
  made.name = std::move(name);
  made.aliases = std::move(aliases);
  made.extensions = std::move(extensions);
  return made;
}

LanguageTable table() {
  return LanguageTable(
      {language("C", {"gcc"}, {"c"}), language("C++", {"cpp"}, {"cpp", "C"}), language("Bash", {}, {"sh"})});
}

LanguageTable installed() {
  return LanguageTable::load({ROTA_SOURCE_DIR "/judge-node/languages"});
}

std::string file_of(const std::string& name) {
  return R"({"name": ")" + name + R"(", "run": {"argv": ["/bin/l", "{arguments}"]}})";
}

std::string refusal(const LanguageTable& table, const std::string& name, const std::string& file) {
  try {
    table.find(name, file);
  } catch (const ProtocolError& error) {
    EXPECT_EQ(error.code(), ErrorCode::unknown_value);
    return error.where() + ": " + error.what();
  }
  return "";
}

TEST(LanguageTable, FindsALanguageByItsFileNamesExtension) {
  EXPECT_EQ(table().find("", "a.c").name, "C");
  EXPECT_EQ(table().find("", "a.b.cpp").name, "C++");
  EXPECT_EQ(table().find("", "a.C").name, "C++") << "the case of an extension counts";
}

TEST(LanguageTable, AGivenNameGoesBeforeTheExtension) {
  EXPECT_EQ(table().find("Bash", "a.c").name, "Bash");
}

TEST(LanguageTable, KnowsALanguageByItsNameOrAFilesName) {
  const auto known = table();
  ASSERT_NE(known.known_by("c++"), nullptr);
  EXPECT_EQ(known.known_by("main.cpp"), known.known_by("c++"));
  EXPECT_EQ(known.known_by("main.unknown"), nullptr);
  EXPECT_EQ(known.known_by(""), nullptr);
}

TEST(LanguageTable, NamesAndAliasesCountInAnyCase) {
  EXPECT_EQ(table().find("c++", "x").name, "C++");
  EXPECT_EQ(table().find("CPP", "x").name, "C++");
  EXPECT_EQ(table().find("GCC", "x").name, "C");
}

TEST(LanguageTable, AnUnknownLanguageIsRefusedWithTheKnownOnes) {
  EXPECT_EQ(refusal(table(), "COBOL", "a.c"), "language: no language 'COBOL' here; known: C, C++, Bash");
}

TEST(LanguageTable, AnUnknownExtensionIsRefusedWithTheKnownLanguages) {
  EXPECT_THAT(refusal(table(), "", "a.cob"),
              HasSubstr("file_name: no language is known by the name 'a.cob'"));
  EXPECT_THAT(refusal(table(), "", "Makefile"), HasSubstr("C, C++, Bash"));
  EXPECT_THAT(refusal(table(), "", "ends."), HasSubstr("C, C++, Bash"));
}

TEST(LanguageTable, AnIdIsANameToo) {
  EXPECT_EQ(table().find("id-C", "x").name, "C");
}

TEST(LanguageTable, TellsEverythingByWhichALanguageIsFoundInLowerCase) {
  LanguageTable languages = table();
  languages.all()[2].toolchain.problem = "missing";
  EXPECT_THAT(languages.accepted(),
              testing::ElementsAre(".c", ".cpp", "c", "c++", "cpp", "gcc", "id-c", "id-c++"));
}

TEST(LanguageTable, OneWithoutItsToolchainIsNotOfferedAndSaysWhatToDo) {
  LanguageTable languages = table();
  languages.all()[0].toolchain.problem = "/usr/bin/gcc is missing; install gcc";
  EXPECT_THAT(languages.names(), testing::ElementsAre("C++", "Bash"));
  EXPECT_EQ(refusal(languages, "", "a.c"),
            "file_name: C is known here, but cannot be used: /usr/bin/gcc is missing; install gcc");
}

TEST(LanguageTable, TwoLanguagesCannotShareANameOrAnExtension) {
  const auto make = [](Language one, Language other) { LanguageTable({std::move(one), std::move(other)}); };
  EXPECT_THROW(make(language("A", {"x"}, {}), language("B", {"X"}, {})), LanguageFileError);
  EXPECT_THROW(make(language("A", {}, {}), language("a", {}, {})), LanguageFileError);
  EXPECT_THROW(make(language("A", {}, {"x"}), language("B", {}, {"x"})), LanguageFileError);
}

TEST(LanguageTable, AFileThatCannotBeReadIsNamed) {
  try {
    LanguageTable::load({"/nonexistent/languages"});
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("/nonexistent/languages"));
  }
}

TEST(LanguageTable, AFolderWithoutLanguagesIsAnError) {
  const TempDir folder("rota-languages");
  std::ofstream(folder.path() / "README.txt") << "none";
  EXPECT_THROW(LanguageTable::load({folder.path()}), std::runtime_error);
}

TEST(LanguageTable, ALaterFolderAddsFilesAndReplacesThoseOfTheSameName) {
  const TempDir first("rota-languages");
  const TempDir second("rota-languages");
  std::ofstream(first.path() / "a.json") << file_of("A");
  std::ofstream(first.path() / "b.json") << file_of("B");
  std::ofstream(second.path() / "b.json") << file_of("Better");
  std::ofstream(second.path() / "c.json") << file_of("C");
  EXPECT_THAT(LanguageTable::load({first.path(), second.path()}).names(),
              testing::ElementsAre("A", "Better", "C"));
}

TEST(LanguageTable, TheNodesMaximaHoldForDefaultsAndCompilers) {
  LanguageTable table = installed();
  protocol::Limits maxima{.cpu_time = std::chrono::milliseconds(1)};
  table.clip_limits(maxima);
  EXPECT_EQ(table.find("c", "").run.limits.cpu_time, std::chrono::milliseconds(1));
  EXPECT_EQ(table.find("c", "").compile.at(0).limits.cpu_time, std::chrono::milliseconds(1));
}

TEST(LanguageTable, TheInstalledTableHoldsFortyLanguagesAndMore) {
  const LanguageTable languages = installed();
  EXPECT_GE(languages.names().size(), 40u);
  EXPECT_EQ(languages.find("", "hello.py").name, "Python 3");
  EXPECT_EQ(languages.find("", "hello.sh").name, "Bash");
  EXPECT_EQ(languages.find("", "hello.c").name, "C");
  EXPECT_EQ(languages.find("", "hello.cpp").name, "C++");
  EXPECT_TRUE(languages.find("", "hello.sh").run_needs_source());
  EXPECT_FALSE(languages.find("", "hello.cc").run_needs_source());
}

}  // namespace
}  // namespace rota::node
