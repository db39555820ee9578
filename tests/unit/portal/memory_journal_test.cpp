#include "portal/memory_journal.hpp"

#include "tests/unit/portal/journal_fixture.hpp"

namespace rota::portal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class MemoryJournalTest : public ::testing::Test {
 protected:
  net::Loop loop_;
  MemoryJournal journal_{loop_, 100'000};
  AwaitedJournal awaited_{loop_, journal_};
};

TEST_F(MemoryJournalTest, HasTheSubmissionUntilTheJobIsFinished) {
  EXPECT_EQ(awaited_.write({queued(1)}), "");
  EXPECT_EQ(awaited_.write({running(1)}), "");
  EXPECT_EQ(*awaited_.submit(1), *submit_of(job_id(1)));
  EXPECT_EQ(awaited_.write({finished(1)}), "");
  EXPECT_EQ(awaited_.submit(1), nullptr);
  ASSERT_TRUE(awaited_.finished(1));
  EXPECT_EQ(*awaited_.finished(1)->answer, *answer_of(job_id(1)));
  EXPECT_FALSE(awaited_.finished(2));
}

TEST_F(MemoryJournalTest, CallsBackInALaterTurnAndInOrder) {
  std::vector<int> order;
  journal_.write({queued(1)}, [&](const Journal::Written&) {
    order.push_back(1);
    journal_.load_submit(job_id(1), [&](auto) { order.push_back(3); });
  });
  journal_.load_submit(job_id(1), [&](auto submit) { order.push_back(submit ? 2 : -2); });
  EXPECT_THAT(order, IsEmpty());
  loop_.run();
  EXPECT_THAT(order, ElementsAre(1, 2, 3));
}

TEST_F(MemoryJournalTest, KeepsNoMoreAnswersThanItsBoundAndTheNewestOfThem) {
  for (int i = 1; i <= 20; ++i) awaited_.write({finished(i, std::string(10'000, 'x'))});
  EXPECT_FALSE(awaited_.finished(10));
  EXPECT_TRUE(awaited_.finished(15));
  EXPECT_TRUE(awaited_.finished(20));
}

TEST_F(MemoryJournalTest, ForgetsAnswersThatAreOldOrTooMany) {
  for (int i = 1; i <= 5; ++i) awaited_.write({finished(i, std::string(10'000, 'x'))});
  journal_.forget(finished(3).finished, 1 << 20);
  EXPECT_FALSE(awaited_.finished(2));
  EXPECT_TRUE(awaited_.finished(3));
  journal_.forget(UtcTime{}, 15'000);
  EXPECT_FALSE(awaited_.finished(4));
  EXPECT_TRUE(awaited_.finished(5));
}

TEST_F(MemoryJournalTest, AJobThatHasAnAnswerIsNotMadeAgain) {
  awaited_.write({finished(1)});
  EXPECT_EQ(awaited_.write({queued(1), queued(2)}), "");
  EXPECT_THAT(awaited_.known(), ElementsAre(job_id(1)));
  EXPECT_TRUE(awaited_.finished(1));
  EXPECT_FALSE(awaited_.submit(1));
  EXPECT_TRUE(awaited_.submit(2));
}

TEST(MemoryJournal, CallsNobodyOnceItHasGone) {
  net::Loop loop;
  int calls = 0;
  auto journal = std::make_unique<MemoryJournal>(loop);
  journal->write({queued(1)}, [&](const Journal::Written&) {
    ++calls;
    journal.reset();
  });
  journal->write({queued(2)}, [&](const Journal::Written&) { ++calls; });
  loop.run();
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace rota::portal
