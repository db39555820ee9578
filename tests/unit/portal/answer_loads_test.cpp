#include "portal/answer_loads.hpp"

#include <gmock/gmock.h>

#include "tests/unit/portal/scripted_journal.hpp"

namespace rota::portal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class AnswerLoadsTest : public ::testing::Test {
 protected:
  void load(const std::string& job, const std::string& who) {
    loads_.load(job, [this, who](const auto&) { told_.push_back(who); });
  }

  std::shared_ptr<JournalDisk> disk_ = std::make_shared<JournalDisk>();
  ScriptedJournal journal_{disk_};
  AnswerLoads loads_{journal_};
  std::vector<std::string> told_;
};

TEST_F(AnswerLoadsTest, AreMadeOnceForAllWhoAskMeanwhile) {
  load("a", "first");
  load("a", "second");
  EXPECT_THAT(told_, IsEmpty());
  journal_.step();
  EXPECT_THAT(told_, ElementsAre("first", "second"));
  EXPECT_TRUE(journal_.is_idle());
}

TEST_F(AnswerLoadsTest, AreMadeOneAtATime) {
  load("a", "first");
  load("b", "second");
  load("a", "third");
  journal_.step();
  EXPECT_THAT(told_, ElementsAre("first", "third"));
  journal_.step();
  EXPECT_THAT(told_, ElementsAre("first", "third", "second"));
  EXPECT_TRUE(journal_.is_idle());
}

TEST_F(AnswerLoadsTest, AskedForFromACallbackAreMadeAnew) {
  loads_.load("a", [this](const auto&) { load("a", "again"); });
  journal_.step();
  EXPECT_THAT(told_, IsEmpty());
  journal_.step();
  EXPECT_THAT(told_, ElementsAre("again"));
}

}  // namespace
}  // namespace rota::portal
