#include "client/dialogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "client/client_error.hpp"
#include "client/exit_status.hpp"

namespace rota::client {
namespace {

struct Dialogue {
  explicit Dialogue(const std::string& text) : answers(text) {}
  DialogueAnswers run() { return ask(answers, questions); }

  std::istringstream answers;
  std::ostringstream questions;
};

int status_of(const std::string& text) {
  Dialogue dialogue(text);
  try {
    dialogue.run();
  } catch (const ClientError& error) {
    return error.status();
  }
  return 0;
}

TEST(Dialogue, TakesOneForRandomAndTwoForRoundRobin) {
  EXPECT_EQ(Dialogue("1\nhello.c\n").run().schedule, protocol::Schedule::random);
  EXPECT_EQ(Dialogue("2\nhello.c\n").run().schedule, protocol::Schedule::round_robin);
}

TEST(Dialogue, TakesTheFileNameWithoutTheBlanksAroundIt) {
  EXPECT_EQ(Dialogue("1\n  my file.c \r\n").run().file, "my file.c");
}

TEST(Dialogue, TakesALastLineWithoutANewline) {
  EXPECT_EQ(Dialogue("1\nhello.c").run().file, "hello.c");
}

TEST(Dialogue, AsksAgainAfterNonsense) {
  Dialogue dialogue("3\n\nrandom\n2\n\nhello.c\n");
  const auto answers = dialogue.run();
  EXPECT_EQ(answers.schedule, protocol::Schedule::round_robin);
  EXPECT_EQ(answers.file, "hello.c");
  EXPECT_THAT(dialogue.questions.str(), testing::HasSubstr("Please answer 1 or 2."));
  EXPECT_THAT(dialogue.questions.str(), testing::HasSubstr("Please name a file."));
}

TEST(Dialogue, EndsAsAUsageErrorWhereTheAnswersEnd) {
  EXPECT_EQ(status_of(""), kUsage);
  EXPECT_EQ(status_of("1\n"), kUsage);
  EXPECT_EQ(status_of("9\n"), kUsage);
}

}  // namespace
}  // namespace rota::client
