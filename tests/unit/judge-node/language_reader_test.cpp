#include "judge-node/language_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rota::node {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string error_of(const std::string& text, const std::string& file_name = "l.json") {
  try {
    read_languages(text, file_name);
  } catch (const LanguageFileError& error) {
    return error.what();
  }
  return "";
}

// A language of which the given members are added to a name and a run.
std::string with_members(const std::string& members) {
  return R"({"name": "L", "run": {"argv": ["/bin/l", "{source}", "{arguments}"]}, )" + members + "}";
}

std::string error_of_language(const std::string& members) {
  return error_of(with_members(members));
}

std::string error_of_compile(const std::string& members) {
  return error_of_language(R"("compile": {)" + members + "}");
}

std::string error_of_run(const std::string& members) {
  return error_of(R"({"name": "L", "run": {)" + members + "}}");
}

constexpr const char* kFull = R"({
  "name": "C", "aliases": ["cc"], "extensions": ["c", "h"], "packages": ["gcc"], "version": ["/bin/cc", "-v"],
  "mounts": ["/opt/cc", "?/etc/cc:/etc/cc"], "source_name": "main.c",
  "compile_flags": ["-O*"], "link_flags": ["-lm"],
  "compile": {"argv": ["/bin/cc", "{flags}", "{source}", "-o", "{output}", "{link_flags}"], "outputs": ["program", "*.x"],
              "environment": ["A=b"], "limits": {"cpu_time_ms": 5000, "output_bytes": 1000}},
  "run": {"argv": ["/work/{output}", "{arguments}"], "environment": ["HEAP={heap_mib}"], "heap_percent": 60,
          "address_space": "free", "out_of_memory": ["no memory"],
          "limits": {"wall_time_ms": 7, "memory_bytes": 1048576, "file_bytes": 4096, "processes": 10}}})";

TEST(LanguageReader, ReadsEverythingThatALanguageMayHave) {
  const auto languages = read_languages(kFull, "/somewhere/c.json");
  ASSERT_EQ(languages.size(), 1u);
  const Language& c = languages[0];
  EXPECT_EQ(c.id, "c");
  EXPECT_EQ(c.name, "C");
  EXPECT_THAT(c.aliases, ElementsAre("cc"));
  EXPECT_THAT(c.extensions, ElementsAre("c", "h"));
  EXPECT_THAT(c.packages, ElementsAre("gcc"));
  EXPECT_THAT(c.version, ElementsAre("/bin/cc", "-v"));
  EXPECT_THAT(c.mounts, ElementsAre("/opt/cc", "?/etc/cc:/etc/cc"));
  EXPECT_EQ(c.source_name.fixed, "main.c");
  EXPECT_THAT(c.compile_flags, ElementsAre("-O*"));
  EXPECT_THAT(c.link_flags, ElementsAre("-lm"));
}

TEST(LanguageReader, ReadsStepsWithTheirLimits) {
  const Language c = read_languages(kFull, "c.json").at(0);
  EXPECT_THAT(c.outputs(), ElementsAre("program", "*.x"));
  EXPECT_THAT(c.compile.at(0).environment, ElementsAre("A=b"));
  EXPECT_EQ(c.compile[0].limits.cpu_time, std::chrono::seconds(5));
  EXPECT_EQ(c.compile[0].limits.output_bytes, 1000u);
  EXPECT_EQ(c.compile[0].address_space, AddressSpace::by_host);
  EXPECT_EQ(c.run.limits.wall_time, std::chrono::milliseconds(7));
  EXPECT_EQ(c.run.limits.memory_bytes, 1u << 20);
  EXPECT_EQ(c.run.limits.file_bytes, 4096u);
  EXPECT_EQ(c.run.limits.processes, 10u);
  EXPECT_EQ(c.run.heap_percent, 60u);
  EXPECT_EQ(c.run.address_space, AddressSpace::free);
  EXPECT_THAT(c.run.out_of_memory, ElementsAre("no memory"));
  EXPECT_FALSE(c.run_needs_source());
}

TEST(LanguageReader, TakesALanguageThatRunsAsItIs) {
  const Language language = read_languages(with_members(R"("extensions": [])"), "l.json").at(0);
  EXPECT_TRUE(language.compile.empty());
  EXPECT_TRUE(language.outputs().empty());
  EXPECT_TRUE(language.run_needs_source());
  EXPECT_EQ(language.run.limits, protocol::Limits{});
}

TEST(LanguageReader, TakesSeveralCompileSteps) {
  const Language language = read_languages(with_members(R"("compile": [
      {"argv": ["/bin/as", "{source}"], "outputs": ["a.o"]}, {"argv": ["/bin/ld", "a.o"], "outputs": ["program"]}])"),
                                           "l.json")
                                .at(0);
  ASSERT_EQ(language.compile.size(), 2u);
  EXPECT_THAT(language.compile[0].outputs, ElementsAre("a.o"));
  EXPECT_THAT(language.outputs(), ElementsAre("program"));
}

TEST(LanguageReader, AVariantTakesOverAllButNamesAndExtensions) {
  const auto languages = read_languages(with_members(R"("aliases": ["ell"], "extensions": ["l"],
      "values": {"std": "gnu17"}, "compile": {"argv": ["/bin/l", "-std={std}"]},
      "variants": [{"id": "l99", "name": "L99", "aliases": ["ell99"], "values": {"std": "gnu99"}}])"),
                                        "l.json");
  ASSERT_EQ(languages.size(), 2u);
  EXPECT_THAT(languages[0].compile.at(0).argv, ElementsAre("/bin/l", "-std=gnu17"));
  EXPECT_EQ(languages[1].id, "l99");
  EXPECT_EQ(languages[1].name, "L99");
  EXPECT_THAT(languages[1].aliases, ElementsAre("ell99"));
  EXPECT_TRUE(languages[1].extensions.empty());
  EXPECT_THAT(languages[1].compile.at(0).argv, ElementsAre("/bin/l", "-std=gnu99"));
}

TEST(LanguageReader, NamesTheLineOfTextThatIsNoJson) {
  EXPECT_THAT(error_of("{\n  \"name\": [\n    nonsense\n]}"), StartsWith("l.json:3: "));
  EXPECT_THAT(error_of("{\n\"name\": ["), StartsWith("l.json:2: "));
  EXPECT_THAT(error_of(""), StartsWith("l.json:1: "));
}

TEST(LanguageReader, NamesTheLineOfTheKeyThatIsWrong) {
  EXPECT_THAT(error_of("{\"name\": \"L\",\n \"run\": {\n \"argv\": [\"{arguments}\",\n  1]}}"),
              StartsWith("l.json:4: run.argv[1]: a string"));
  EXPECT_THAT(error_of("{\"name\": \"L\",\n \"run\": {\n \"argv\": [\"{arguments}\"],\n\n \"argc\": 1}}"),
              StartsWith("l.json:5: run.argc: unknown key; known here: address_space, argv,"));
  EXPECT_THAT(error_of("{\n\n\"name\": \"L\"}"), StartsWith("l.json:1: run: is missing"));
}

TEST(LanguageReader, NamesTheVariantThatIsWrong) {
  EXPECT_THAT(error_of_language("\n\"variants\": [\n{\"id\": \"v\", \"nam\": \"V\"}]"),
              StartsWith("l.json:3: nam: unknown key"));
  EXPECT_THAT(error_of_language(R"("variants": [{"name": "V"}])"), HasSubstr("id: a string is expected"));
  EXPECT_THAT(error_of_language(R"("variants": [1])"), HasSubstr("an object is expected"));
  EXPECT_THAT(error_of_language(R"("variants": {})"), HasSubstr("a list is expected"));
}

TEST(LanguageReader, RefusesAKeyThatIsThereTwice) {
  EXPECT_THAT(error_of("{\"name\": \"L\",\n\"name\": \"M\"}"), StartsWith("l.json:2: name is there twice"));
}

TEST(LanguageReader, WantsAFileNameThatCanBeAnId) {
  const std::string text = with_members(R"("extensions": [])");
  EXPECT_EQ(error_of(text, "c++-2.0.json"), "");
  EXPECT_THAT(error_of(text, "Big.json"), HasSubstr("the id 'Big'"));
  EXPECT_THAT(error_of(text, "two words.json"), HasSubstr("the id 'two words'"));
}

TEST(LanguageReader, RefusesWrongTypes) {
  EXPECT_THAT(error_of("[]"), HasSubstr("top level: an object"));
  EXPECT_THAT(error_of(R"({"name": ""})"), HasSubstr("name: a string that is not empty"));
  EXPECT_THAT(error_of_language(R"("aliases": ["a", 1])"), HasSubstr("aliases[1]: a string"));
  EXPECT_THAT(error_of_language(R"("aliases": "a")"), HasSubstr("aliases: a list of strings"));
  EXPECT_THAT(error_of_language(R"("compile": 1)"), HasSubstr("compile: an object"));
  EXPECT_THAT(error_of_language(R"("values": {"a": 1})"), HasSubstr("values.a: a string"));
}

TEST(LanguageReader, RefusesLimitsOutOfRange) {
  for (const char* value : {"0", "-1", "1.5", "\"1\"", "3600001"}) {
    EXPECT_THAT(error_of_compile(R"("argv": ["cc"], "limits": {"cpu_time_ms": )" + std::string(value) + "}"),
                HasSubstr("compile.limits.cpu_time_ms: a whole number from 1 to 3600000"))
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
              HasSubstr("compile.argv[1]: the placeholder {sauce} is not known here"));
  EXPECT_THAT(error_of_compile(R"("argv": ["cc", "{output}"])"), HasSubstr("{output} is not known here"))
      << "there are no outputs";
  EXPECT_THAT(error_of_compile(R"("argv": ["cc", "{arguments}"])"),
              HasSubstr("{arguments} is not known here"));
  EXPECT_THAT(error_of_run(R"("argv": ["x", "{output}", "{arguments}"])"),
              HasSubstr("{output} is not known here"));
  EXPECT_THAT(error_of_run(R"("argv": ["x", "{arguments}"], "environment": ["A={arguments}"])"),
              HasSubstr("run.environment[0]: the placeholder {arguments} is not known here"));
}

TEST(LanguageReader, WantsThePlaceOfTheArgumentsOnce) {
  EXPECT_THAT(error_of_run(R"("argv": ["x"])"), HasSubstr("{arguments} must stand in it once"));
  EXPECT_THAT(error_of_run(R"("argv": ["{arguments}", "{arguments}"])"), HasSubstr("once"));
  EXPECT_THAT(error_of_run(R"("argv": ["x{arguments}"])"), HasSubstr("an element of its own"));
}

TEST(LanguageReader, RefusesFlagsThatNoStepTakes) {
  EXPECT_THAT(error_of_language(R"("compile_flags": ["-O*"], "compile": {"argv": ["cc"]})"),
              HasSubstr("compile_flags: no step of compile has {flags}"));
  EXPECT_THAT(error_of_language(R"("link_flags": ["-l*"])"), HasSubstr("link_flags: no step"));
}

TEST(LanguageReader, RefusesOutputsThatAreNoFileNames) {
  for (const char* name : {"../program", "/etc/passwd", "..", "", "*.*"}) {
    EXPECT_THAT(error_of_compile(R"("argv": ["cc"], "outputs": [")" + std::string(name) + "\"]"),
                HasSubstr("compile.outputs[0]: "))
        << name;
  }
}

TEST(LanguageReader, RefusesMountsThatTheBoxWouldRefuse) {
  EXPECT_THAT(error_of_language(R"("mounts": ["/opt/x", "relative"])"),
              HasSubstr("mounts[1]: --bind relative"));
  EXPECT_THAT(error_of_language(R"("mounts": ["/opt/x:/work/x"])"), HasSubstr("mounts[0]"));
}

TEST(LanguageReader, RefusesAnEnvironmentWithoutNames) {
  EXPECT_THAT(error_of_compile(R"("argv": ["cc"], "environment": ["A=", "B"])"),
              HasSubstr("compile.environment[1]: NAME=value"));
  EXPECT_THAT(error_of_compile(R"("argv": ["cc"], "environment": ["=x"])"), HasSubstr("environment[0]"));
}

TEST(LanguageReader, RefusesAnEmptyCommand) {
  EXPECT_THAT(error_of_compile(R"("argv": [])"), HasSubstr("compile.argv: a list of at least one"));
}

}  // namespace
}  // namespace rota::node
