#include "judge-node/submission_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/name_pattern.hpp"
#include "protocol/error.hpp"

namespace rota::node {
namespace {

using protocol::ErrorCode;
using testing::ElementsAre;

Language java() {
  Language language;
  language.name = "Java";
  language.compile.resize(1);
  language.compile[0].outputs = {"*.class"};
  language.compile_flags = {"-g", "-X*"};
  return language;
}

std::optional<ErrorCode> refusal(const protocol::Submit& submission) {
  try {
    check_submission(submission, java(), "Main.java");
  } catch (const protocol::ProtocolError& error) {
    return error.code();
  }
  return std::nullopt;
}

TEST(SubmissionCheck, TakesWhatFits) {
  EXPECT_EQ(refusal({.files = {{"lib/Other.java", ""}},
                     .environment = {"A=b", "EMPTY="},
                     .compile_flags = {"-g", "-Xlint"}}),
            std::nullopt);
}

TEST(SubmissionCheck, RefusesNamesThatTheCompilerWouldMake) {
  EXPECT_EQ(refusal({.files = {{"Evil.class", ""}}}), ErrorCode::bad_file_name);
}

TEST(SubmissionCheck, RefusesTheSourcesOwnPlace) {
  EXPECT_EQ(refusal({.files = {{"Main.java", ""}}}), ErrorCode::bad_file_name);
  EXPECT_EQ(refusal({.files = {{"Main.java/x", ""}}}), ErrorCode::bad_file_name);
}

TEST(SubmissionCheck, RefusesFlagsThatAreNotAllowed) {
  EXPECT_EQ(refusal({.compile_flags = {"-J-Xmx9g"}}), ErrorCode::unknown_value);
  EXPECT_EQ(refusal({.link_flags = {"-lm"}}), ErrorCode::unknown_value);
}

TEST(SubmissionCheck, RefusesAnEnvironmentWithoutNames) {
  EXPECT_EQ(refusal({.environment = {"=b"}}), ErrorCode::bad_text);
  EXPECT_EQ(refusal({.environment = {"A"}}), ErrorCode::bad_text);
}

TEST(NamePattern, StandsForAnyPartWhereItsStarIs) {
  EXPECT_TRUE(fits("A.class", "*.class"));
  EXPECT_TRUE(fits("-std=c11", "-std=*"));
  EXPECT_TRUE(fits("a-b", "a*b"));
  EXPECT_FALSE(fits("ab", "ab*b")) << "the parts may not overlap";
  EXPECT_FALSE(fits("A.java", "*.class"));
  EXPECT_FALSE(fits("program2", "program"));
}

TEST(Sources, AreTheMainFileAndThoseOfItsExtension) {
  const protocol::Submit submission{.files = {{"a.cpp", ""}, {"b.h", ""}, {"lib/c.cpp", ""}, {"d.cc", ""}}};
  EXPECT_THAT(sources_of(submission, "main.cpp"), ElementsAre("main.cpp", "a.cpp", "lib/c.cpp"));
}

}  // namespace
}  // namespace rota::node
