#include "judge-node/language_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "judge-node/language_reader.hpp"
#include "protocol/error.hpp"

namespace rota::node {
namespace {

using protocol::ErrorCode;
using protocol::ProtocolError;
using testing::HasSubstr;

Language language(std::string name, std::vector<std::string> aliases, std::vector<std::string> extensions) {
  Language made;
  made.name = std::move(name);
  made.aliases = std::move(aliases);
  made.extensions = std::move(extensions);
  return made;
}

LanguageTable table() {
  return {
      {language("C", {"gcc"}, {"c"}), language("C++", {"cpp"}, {"cpp", "C"}), language("Bash", {}, {"sh"})},
      "here"};
}

LanguageTable installed() {
  return LanguageTable::load(ROTA_SOURCE_DIR "/judge-node/languages.json");
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

TEST(LanguageTable, TwoLanguagesCannotShareANameOrAnExtension) {
  EXPECT_THROW(LanguageTable({language("A", {"x"}, {}), language("B", {"X"}, {})}, "here"),
               LanguageFileError);
  EXPECT_THROW(LanguageTable({language("A", {}, {}), language("a", {}, {})}, "here"), LanguageFileError);
  EXPECT_THROW(LanguageTable({language("A", {}, {"x"}), language("B", {}, {"x"})}, "here"),
               LanguageFileError);
}

TEST(LanguageTable, AFileThatCannotBeReadIsNamed) {
  try {
    LanguageTable::load("/nonexistent/languages.json");
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("/nonexistent/languages.json"));
  }
}

TEST(LanguageTable, TheNodesMaximaHoldForDefaultsAndCompilers) {
  LanguageTable table = installed();
  protocol::Limits maxima{.cpu_time = std::chrono::milliseconds(1)};
  table.clip_limits(maxima);
  EXPECT_EQ(table.find("c", "").run.limits.cpu_time, std::chrono::milliseconds(1));
  EXPECT_EQ(table.find("c", "").compile->limits.cpu_time, std::chrono::milliseconds(1));
}

TEST(LanguageTable, TheInstalledTableHoldsTheFourLanguages) {
  EXPECT_THAT(installed().names(), testing::ElementsAre("C", "C++", "Python 3", "Bash"));
  EXPECT_EQ(installed().find("", "hello.py").name, "Python 3");
  EXPECT_EQ(installed().find("", "hello.sh").name, "Bash");
  EXPECT_TRUE(installed().find("", "hello.sh").run_needs_source());
  EXPECT_FALSE(installed().find("", "hello.cc").run_needs_source());
}

}  // namespace
}  // namespace rota::node
