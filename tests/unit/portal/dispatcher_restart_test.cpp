// The portal dies and is started again over the same disk.

#include "tests/unit/portal/dispatcher_fixture.hpp"

namespace rota::portal {
namespace {

using namespace std::chrono_literals;
using protocol::Verdict;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class DispatcherRestartTest : public DispatcherTest {};

TEST_F(DispatcherRestartTest, AQueuedJobRunsAfterwards) {
  submit(kAnna, 1);
  portal.restart();
  node_up(0);
  EXPECT_THAT(sent_to(0), ElementsAre("1.1"));
  wait(kAnnaAgain, 1);
  result(0, 1);
  EXPECT_THAT(results_of(kAnnaAgain), ElementsAre("1 AC"));
}

TEST_F(DispatcherRestartTest, ARunningJobIsAdoptedFromTheNodeThatHasIt) {
  node_up(0);
  submit(kAnna, 1);
  sent_to(0);
  portal.restart();
  node_up(0, hello(0), {{job_id(1), 1, false}});
  portal.tick(20s);
  EXPECT_THAT(sent_to(0), IsEmpty());
  EXPECT_THAT(portal.logged(job_id(1)), Contains("adopted"));
  submit(kAnnaAgain, 1);
  result(0, 1);
  EXPECT_THAT(results_of(kAnnaAgain), ElementsAre("1 AC"));
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherRestartTest, AnAdoptedJobTakesItsSeat) {
  node_up(0);
  submit(kAnna, 1);
  submit(kAnna, 2);
  submit(kAnna, 3);
  sent_to(0);
  portal.restart();
  node_up(0, hello(0), {{job_id(1), 1, true}, {job_id(2), 1, false}});
  EXPECT_THAT(sent_to(0), IsEmpty());
  result(0, 1);
  EXPECT_THAT(sent_to(0), ElementsAre("3.1"));
}

TEST_F(DispatcherRestartTest, AJobThatItsNodeHasNoMoreIsMadeAgainAtOnce) {
  node_up(0);
  submit(kAnna, 1);
  sent_to(0);
  portal.restart();
  node_up(0);
  EXPECT_THAT(sent_to(0), ElementsAre("1.2"));
}

TEST_F(DispatcherRestartTest, AnotherNodesHoldingsSayNothingOfIt) {
  node_up(0);
  submit(kAnna, 1);
  portal.restart();
  node_up(1);
  portal.tick(9s);
  EXPECT_THAT(sent_to(1), IsEmpty());
  portal.tick(1s);
  EXPECT_THAT(sent_to(1), ElementsAre("1.2")) << "its node had its time";
  node_up(0, hello(0), {{job_id(1), 1, true}});
  EXPECT_THAT(cancelled_at(0), ElementsAre("1.1"));
}

TEST_F(DispatcherRestartTest, ANodeOfVersion1HasLostWhatItHad) {
  node_up(0, hello_of_version_1(0));
  submit(kAnna, 1);
  sent_to(0);
  portal.restart();
  node_up(0, hello_of_version_1(0));
  EXPECT_THAT(sent_to(0), ElementsAre("1.2"));
}

TEST_F(DispatcherRestartTest, AnAnswerOutlivesThePortal) {
  node_up(0);
  submit(kAnna, 1);
  result(0, 1, 1, Verdict::WA);
  portal.restart();
  wait(kAnna, 1);
  EXPECT_THAT(results_of(kAnna), Contains("1 WA"));
  submit(kAnnaAgain, 1);
  EXPECT_THAT(results_of(kAnnaAgain), ElementsAre("1 WA"));
}

TEST_F(DispatcherRestartTest, AResultThatWasNotWrittenDownComesAgain) {
  node_up(0);
  submit(kAnna, 1);
  portal->result(0, result_of(1));
  portal.turn();
  portal.restart();
  EXPECT_THAT(results_of(kAnna), IsEmpty());
  EXPECT_THAT(stored_at(0), IsEmpty());
  wait(kAnna, 1);
  node_up(0, hello(0), {{job_id(1), 1, true}});
  result(0, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
  EXPECT_THAT(stored_at(0), ElementsAre("1.1"));
}

TEST_F(DispatcherRestartTest, AResultThatWasJustWrittenDownIsTheAnswer) {
  node_up(0);
  submit(kAnna, 1);
  portal->result(0, result_of(1));
  portal.turn();
  portal.restart(true);
  wait(kAnna, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 AC"));
  node_up(0, hello(0), {{job_id(1), 1, true}});
  EXPECT_THAT(cancelled_at(0), ElementsAre("1.1")) << "it may forget it";
}

TEST_F(DispatcherRestartTest, AJobThatWasNotWrittenDownWasNeverAcceptedAndIsUnknown) {
  portal->submit(kAnna, job(1));
  portal.turn();
  portal.restart();
  EXPECT_THAT(accepted_of(kAnna), IsEmpty());
  wait(kAnnaAgain, 1);
  EXPECT_THAT(errors_of(kAnnaAgain), ElementsAre("1 unknown_job"));
  submit(kAnnaAgain, 1);
  EXPECT_THAT(accepted_of(kAnnaAgain), ElementsAre("1"));
}

TEST_F(DispatcherRestartTest, AnOrphanCanBeCancelled) {
  node_up(0);
  submit(kAnna, 1);
  portal.restart();
  cancel(kAnna, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 CANCELLED"));
  node_up(0, hello(0), {{job_id(1), 1, false}});
  EXPECT_THAT(cancelled_at(0), ElementsAre("1.1"));
  EXPECT_FALSE(portal->has_jobs_in_hand());
}

TEST_F(DispatcherRestartTest, AttemptsAreCountedOverRestarts) {
  node_up(0);
  submit(kAnna, 1);
  for (int i = 0; i < 3; ++i) {
    portal.restart();
    node_up(0);
  }
  wait(kAnna, 1);
  EXPECT_THAT(results_of(kAnna), ElementsAre("1 IE"));
  EXPECT_THAT(sent_to(0), ElementsAre("1.1", "1.2", "1.3"));
}

TEST_F(DispatcherRestartTest, ANodeThatWasNeverGivenTheJobCannotTakeItOver) {
  node_up(0);
  submit(kAnna, 1);
  sent_to(0);
  portal.restart();
  node_up(1, hello(1), {{job_id(1), 1, true}});
  EXPECT_THAT(cancelled_at(1), ElementsAre("1.1"));
  result(1, 1);
  EXPECT_TRUE(portal->has_jobs_in_hand());
  node_up(0, hello(0), {{job_id(1), 1, true}});
  wait(kAnnaAgain, 1);
  result(0, 1);
  EXPECT_THAT(results_of(kAnnaAgain), ElementsAre("1 AC"));
}

}  // namespace
}  // namespace rota::portal
