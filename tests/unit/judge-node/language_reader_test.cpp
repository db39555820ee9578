#include "judge-node/language_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rota::node {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string error_of(const std::string& text) {
  try {
    read_languages(text, "table.json");
  } catch (const LanguageFileError& error) {
    return error.what();
  }
  return "";
}

// One language, of which the given members are added to a name and a run.
std::string error_of_language(const std::string& members) {
  return error_of(R"({"languages": [{"name": "L", )" + members + "}]}");
}

std::string error_of_compile(const std::string& members) {
  return error_of_language(R"("run": {"argv": ["{source}", "{arguments}"]}, "compile": {)" + members + "}");
}

TEST(LanguageReader, ReadsEverythingThatALanguageMayHave) {
  const auto languages = read_languages(R"({"languages": [{
      "name": "C", "aliases": ["cc"], "extensions": ["c", "h"],
      "compile": {"argv": ["cc", "{source}", "-o", "{output}"], "outputs": ["program", "data"],
                  "environment": ["A=b"], "limits": {"cpu_time_ms": 5000, "output_bytes": 1000}},
      "run": {"argv": ["/work/{output}", "{arguments}"], "environment": ["LANG=C"],
              "limits": {"wall_time_ms": 7, "memory_bytes": 1048576, "file_bytes": 4096,
                         "processes": 10}}}]})",
                                        "table.json");
  ASSERT_EQ(languages.size(), 1u);
  const Language& c = languages[0];
  EXPECT_EQ(c.name, "C");
  EXPECT_THAT(c.aliases, testing::ElementsAre("cc"));
  EXPECT_THAT(c.extensions, testing::ElementsAre("c", "h"));
  EXPECT_THAT(c.compile->outputs, testing::ElementsAre("program", "data"));
  EXPECT_THAT(c.compile->environment, testing::ElementsAre("A=b"));
  EXPECT_EQ(c.compile->limits.cpu_time, std::chrono::seconds(5));
  EXPECT_EQ(c.compile->limits.output_bytes, 1000u);
  EXPECT_EQ(c.run.limits.wall_time, std::chrono::milliseconds(7));
  EXPECT_EQ(c.run.limits.memory_bytes, 1u << 20);
  EXPECT_EQ(c.run.limits.file_bytes, 4096u);
  EXPECT_EQ(c.run.limits.processes, 10u);
  EXPECT_FALSE(c.run_needs_source());
}

TEST(LanguageReader, TakesALanguageThatRunsAsItIs) {
  const auto languages = read_languages(
      R"({"languages": [{"name": "L", "run": {"argv": ["l", "{source}", "{arguments}"]}}]})", "t");
  EXPECT_FALSE(languages.at(0).compile);
  EXPECT_TRUE(languages[0].run_needs_source());
  EXPECT_EQ(languages[0].run.limits, protocol::Limits{});
}

TEST(LanguageReader, NamesTheLineOfTextThatIsNoJson) {
  EXPECT_THAT(error_of("{\n  \"languages\": [\n    nonsense\n]}"), StartsWith("table.json:3: "));
  EXPECT_THAT(error_of("{\n\"languages\": ["), StartsWith("table.json:2: "));
  EXPECT_THAT(error_of(""), StartsWith("table.json:1: "));
}

TEST(LanguageReader, NamesTheKeyThatIsUnknown) {
  EXPECT_THAT(error_of(R"({"languages": [], "more": 1})"), HasSubstr("languages: at least one"));
  EXPECT_THAT(error_of_language(R"("run": {"argv": ["{arguments}"]}, "extension": ["l"])"),
              StartsWith("table.json: languages[0].extension: unknown key; known here: aliases, compile,"));
  EXPECT_THAT(error_of_language(R"("run": {"argv": ["{arguments}"], "limits": {"cpu_ms": 1}})"),
              StartsWith("table.json: languages[0].run.limits.cpu_ms: unknown key"));
}

TEST(LanguageReader, NamesTheKeyThatIsMissing) {
  EXPECT_EQ(error_of("{}"), "table.json: languages: is missing");
  EXPECT_EQ(error_of(R"({"languages": [{"run": {"argv": ["{arguments}"]}}]})"),
            "table.json: languages[0].name: is missing");
  EXPECT_EQ(error_of(R"({"languages": [{"name": "L"}]})"), "table.json: languages[0].run: is missing");
}

TEST(LanguageReader, RefusesWrongTypes) {
  EXPECT_THAT(error_of("[]"), HasSubstr("top level: an object"));
  EXPECT_THAT(error_of(R"({"languages": {}})"), HasSubstr("languages: a list"));
  EXPECT_THAT(error_of(R"({"languages": [1]})"), HasSubstr("languages[0]: an object"));
  EXPECT_THAT(error_of(R"({"languages": [{"name": ""}]})"),
              HasSubstr("languages[0].name: a string that is not empty"));
  EXPECT_THAT(error_of_language(R"("aliases": ["a", 1])"), HasSubstr("languages[0].aliases[1]: a string"));
  EXPECT_THAT(error_of_language(R"("aliases": "a")"), HasSubstr("languages[0].aliases: a list of strings"));
  EXPECT_THAT(error_of_language(R"("run": 1)"), HasSubstr("languages[0].run: an object"));
}

TEST(LanguageReader, RefusesLimitsOutOfRange) {
  for (const char* value : {"0", "-1", "1.5", "\"1\"", "3600001"}) {
    EXPECT_THAT(error_of_compile(R"("argv": ["cc"], "limits": {"cpu_time_ms": )" + std::string(value) + "}"),
                HasSubstr("languages[0].compile.limits.cpu_time_ms: a whole number from 1 to 3600000"))
        << value;
  }
}

TEST(LanguageReader, RefusesLimitsBelowWhatABoxTakes) {
  EXPECT_THAT(error_of_compile(R"("argv": ["cc"], "limits": {"memory_bytes": 1048575})"),
              HasSubstr("limits.memory_bytes: a whole number from 1048576 to 68719476736 is expected here"));
  EXPECT_THAT(error_of_compile(R"("argv": ["cc"], "limits": {"file_bytes": 4095})"),
              HasSubstr("limits.file_bytes: a whole number from 4096 to 4294967296 is expected here"));
}

TEST(LanguageReader, RefusesACompilerThatMayWriteMoreThanAResultHolds) {
  EXPECT_THAT(error_of_compile(R"("argv": ["cc"], "limits": {"output_bytes": 2097153})"),
              HasSubstr("limits.output_bytes: at most 2097152"));
}

TEST(LanguageReader, RefusesPlaceholdersThatHaveNoMeaningThere) {
  EXPECT_THAT(error_of_compile(R"("argv": ["cc", "{sauce}"])"),
              HasSubstr("languages[0].compile.argv[1]: the placeholder {sauce} is not known here"));
  EXPECT_THAT(error_of_compile(R"("argv": ["cc", "{output}"])"), HasSubstr("{output} is not known here"))
      << "there are no outputs";
  EXPECT_THAT(error_of_compile(R"("argv": ["cc", "{arguments}"])"),
              HasSubstr("{arguments} is not known here"));
  EXPECT_THAT(error_of_language(R"("run": {"argv": ["x", "{output}", "{arguments}"]})"),
              HasSubstr("{output} is not known here"));
}

TEST(LanguageReader, WantsThePlaceOfTheArgumentsOnce) {
  EXPECT_THAT(error_of_language(R"("run": {"argv": ["x"]})"), HasSubstr("{arguments} must stand in it once"));
  EXPECT_THAT(error_of_language(R"("run": {"argv": ["{arguments}", "{arguments}"]})"), HasSubstr("once"));
  EXPECT_THAT(error_of_language(R"("run": {"argv": ["x{arguments}"]})"), HasSubstr("an element of its own"));
}

TEST(LanguageReader, RefusesOutputsThatAreNoFileNames) {
  for (const char* name : {"../program", "/etc/passwd", "..", ""}) {
    EXPECT_THAT(error_of_compile(R"("argv": ["cc"], "outputs": [")" + std::string(name) + "\"]"),
                HasSubstr("languages[0].compile.outputs[0]: "))
        << name;
  }
}

TEST(LanguageReader, RefusesAnEnvironmentWithoutNames) {
  EXPECT_THAT(error_of_compile(R"("argv": ["cc"], "environment": ["A=", "B"])"),
              HasSubstr("languages[0].compile.environment[1]: NAME=value"));
  EXPECT_THAT(error_of_compile(R"("argv": ["cc"], "environment": ["=x"])"), HasSubstr("environment[0]"));
}

TEST(LanguageReader, RefusesAnEmptyCommand) {
  EXPECT_THAT(error_of_compile(R"("argv": [])"),
              HasSubstr("languages[0].compile.argv: a list of at least one"));
}

}  // namespace
}  // namespace rota::node
