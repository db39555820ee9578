// The original's dialogue: rota HOST PORT.

#include "tests/integration/client/cluster.hpp"

namespace rota::test {
namespace {

using testing::HasSubstr;

class DialogueTest : public ClusterTest {
 protected:
  Outcome talk(const std::string& answers) {
    home_.write("hello.sh", "echo hello\n");
    return rota(home_, {portal_->host(), std::to_string(portal_->port())}, {.input = answers});
  }
};

TEST_F(DialogueTest, TakesItsAnswersFromAPipeAndKeepsStdoutForTheProgram) {
  const auto outcome = talk("2\nhello.sh\n");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "hello\n");
  EXPECT_THAT(outcome.err, HasSubstr("round-robin"));
}

TEST_F(DialogueTest, AsksAgainAfterNonsense) {
  const auto outcome = talk("nonsense\n1\nhello.sh\n");
  EXPECT_EQ(outcome.out, "hello\n");
  EXPECT_THAT(outcome.err, HasSubstr("Please answer 1 or 2."));
}

TEST_F(DialogueTest, EndsWith64WhereTheAnswersEnd) {
  EXPECT_EQ(talk("").status, 64);
  const auto outcome = talk("1\n");
  EXPECT_EQ(outcome.status, 64);
  EXPECT_THAT(outcome.err, HasSubstr("the input ended"));
}

TEST_F(DialogueTest, EndsWith66WhereTheFileCannotBeRead) {
  EXPECT_EQ(talk("1\nmissing.c\n").status, 66);
}

TEST_F(DialogueTest, SaysBeforeTheFirstQuestionThatThePortalCannotBeReached) {
  const auto outcome = rota(home_, {"127.0.0.1", "1"}, {.input = "1\nhello.sh\n"});
  EXPECT_EQ(outcome.status, 75);
  EXPECT_THAT(outcome.err, testing::Not(HasSubstr("Choice")));
}

}  // namespace
}  // namespace rota::test
