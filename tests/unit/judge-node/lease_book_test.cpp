// What belongs to clusters, from its submission until its result is stored.
#include <gmock/gmock.h>

#include "tests/unit/judge-node/lease_book_fixture.hpp"

namespace rota::node {
namespace {

using protocol::ErrorCode;
using protocol::HeldJob;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using State = LeaseBook::State;

TEST_F(LeaseBookTest, AnEmptyOneHoldsNothing) {
  book.take_lease(1, lease(), now);
  EXPECT_THAT(book.holdings(1).jobs, IsEmpty());
  EXPECT_TRUE(book.empty());
  EXPECT_EQ(book.next_fence(), std::nullopt);
}

TEST_F(LeaseBookTest, AJobIsHeldFromItsSubmissionUntilItsResultIsStored) {
  book.take_lease(1, lease(), now);
  begin(1, submission(1), 11);
  EXPECT_THAT(book.holdings(1).jobs, ElementsAre(HeldJob{id(1), 1, false}));
  EXPECT_EQ(finish(1), 1u);
  EXPECT_THAT(book.holdings(1).jobs, ElementsAre(HeldJob{id(1), 1, true}));
  EXPECT_EQ(book.stored(1, {id(1), 1}), std::nullopt);
  EXPECT_TRUE(book.empty());
}

TEST_F(LeaseBookTest, AResultIsGivenOnce) {
  book.take_lease(1, lease(), now);
  begin(1, submission(1), 11);
  EXPECT_THAT(given(1), IsEmpty());
  finish(1);
  EXPECT_THAT(given(1), ElementsAre(id(1)));
  EXPECT_THAT(given(1), IsEmpty());
}

TEST_F(LeaseBookTest, WhatAnotherAttemptStoredStays) {
  book.take_lease(1, lease(), now);
  begin(1, submission(1, 2), 11);
  finish(1, 2);
  book.stored(1, {id(1), 1});
  EXPECT_FALSE(book.empty());
}

TEST_F(LeaseBookTest, AJobOutlivesItsConnectionAndItsResultGoesOverTheNext) {
  book.take_lease(1, lease(), now);
  begin(1, submission(1), 11);
  book.end_link(1);
  EXPECT_EQ(finish(1), 0u) << "nobody is there";
  book.take_lease(2, lease(), now);
  EXPECT_THAT(book.holdings(2).jobs, ElementsAre(HeldJob{id(1), 1, true}));
  EXPECT_THAT(given(2), ElementsAre(id(1)));
}

TEST_F(LeaseBookTest, AResultThatWasGivenButNotStoredIsGivenAgain) {
  book.take_lease(1, lease(), now);
  begin(1, submission(1), 11);
  finish(1);
  given(1);
  book.end_link(1);
  book.take_lease(2, lease(), now);
  EXPECT_THAT(given(2), ElementsAre(id(1)));
}

TEST_F(LeaseBookTest, TheEventsOfWhatGoesOnAreDueAgainUnderANewConnection) {
  book.take_lease(1, lease(), now);
  begin(1, submission(1, 1, true), 11);
  begin(1, submission(2, 1, false), 12);
  EXPECT_THAT(book.end_link(1).runs, IsEmpty());
  EXPECT_EQ(book.link_for_event({kCluster, id(1), 1}, now), 0u);
  EXPECT_THAT(book.take_lease(2, lease(), now).runs, ElementsAre(11u));
  EXPECT_EQ(book.link_for_event({kCluster, id(1), 1}, now), 2u);
  EXPECT_EQ(book.link_for_event({kCluster, id(2), 1}, now), 0u) << "nobody asked for its events";
}

TEST_F(LeaseBookTest, OfSeveralConnectionsTheSubmittersGetsTheResult) {
  for (LeaseBook::Link link : {1, 2, 3}) book.take_lease(link, lease(), now);
  begin(2, submission(1), 11);
  EXPECT_EQ(finish(1), 2u);
  EXPECT_THAT(given(1), IsEmpty());
  EXPECT_THAT(given(3), IsEmpty());
}

TEST_F(LeaseBookTest, TheNewestConnectionTakesOverFromOneThatEnds) {
  for (LeaseBook::Link link : {1, 2, 3}) book.take_lease(link, lease(), now);
  begin(2, submission(1), 11);
  begin(2, submission(2, 1, true), 12);
  finish(1);
  given(2);
  const auto moved = book.end_link(2);
  EXPECT_EQ(moved.to, 3u);
  EXPECT_THAT(moved.runs, ElementsAre(12u));
  EXPECT_THAT(given(3), ElementsAre(id(1)));
  EXPECT_EQ(finish(2), 3u);
}

TEST_F(LeaseBookTest, ClustersDoNotSeeEachOthersJobs) {
  book.take_lease(1, lease(), now);
  book.take_lease(2, lease(milliseconds(6000), id(2'000'000)), now);
  begin(1, submission(1), 11);
  finish(1);
  EXPECT_THAT(book.holdings(2).jobs, IsEmpty());
  EXPECT_THAT(given(2), IsEmpty());
  book.stored(2, {id(1), 1});
  EXPECT_FALSE(book.empty());
}

TEST_F(LeaseBookTest, TheSameAttemptIsNotBegunTwice) {
  book.take_lease(1, lease(), now);
  begin(1, submission(1), 11);
  book.take_lease(2, lease(), now);
  const auto again = begin(2, submission(1), 12);
  EXPECT_EQ(again.state, State::running);
  EXPECT_EQ(again.running, 11u);
  EXPECT_EQ(finish(1), 2u) << "who asked last gets it";
}

TEST_F(LeaseBookTest, ASubmissionOfWhatHasFinishedIsAnsweredWithItsResult) {
  book.take_lease(1, lease(), now);
  begin(1, submission(1), 11);
  finish(1);
  given(1);
  EXPECT_EQ(begin(1, submission(1), 12).state, State::finished);
  EXPECT_THAT(given(1), ElementsAre(id(1)));
}

TEST_F(LeaseBookTest, ALaterAttemptEndsTheEarlier) {
  book.take_lease(1, lease(), now);
  begin(1, submission(1, 1), 11);
  const auto later = begin(1, submission(1, 2), 12);
  EXPECT_EQ(later.state, State::fresh);
  EXPECT_EQ(later.replaced, 11u);
  EXPECT_EQ(finish(1, 1), 0u) << "a result of the earlier one counts no more";
  EXPECT_THAT(book.holdings(1).jobs, ElementsAre(HeldJob{id(1), 2, false}));
}

TEST_F(LeaseBookTest, AnEarlierAttemptIsRefused) {
  book.take_lease(1, lease(), now);
  begin(1, submission(1, 2), 11);
  EXPECT_EQ(refused_with([&] { begin(1, submission(1, 1), 12); }), ErrorCode::duplicate_job);
}

TEST_F(LeaseBookTest, CancelForgetsTheAttempt) {
  book.take_lease(1, lease(), now);
  begin(1, submission(1, 3), 11);
  EXPECT_EQ(book.cancel(1, {id(1), 2}), std::nullopt) << "of another attempt";
  EXPECT_EQ(book.cancel(1, {id(1), 3}), 11u);
  EXPECT_TRUE(book.empty());
  begin(1, submission(1, 4), 12);
  EXPECT_EQ(book.cancel(1, {id(1), 0}), 12u) << "0 is any";
  EXPECT_EQ(book.cancel(1, {id(1), 0}), std::nullopt);
}

TEST_F(LeaseBookTest, WhatIsStoredBeforeItHasFinishedIsEnded) {
  book.take_lease(1, lease(), now);
  begin(1, submission(1), 11);
  EXPECT_EQ(book.stored(1, {id(1), 1}), 11u);
  EXPECT_TRUE(book.empty());
}

TEST_F(LeaseBookTest, WhatIsStoredIsNotGivenAnyMore) {
  book.take_lease(1, lease(), now);
  begin(1, submission(1), 11);
  finish(1);
  book.stored(1, {id(1), 1});
  EXPECT_THAT(given(1), IsEmpty());
}

TEST_F(LeaseBookTest, AWholeFenceTimeAfterTheLeaseItsJobsEnd) {
  book.take_lease(1, lease(milliseconds(6000)), now);
  begin(1, submission(1), 11);
  begin(1, submission(2), 12);
  EXPECT_EQ(book.next_fence(), now + milliseconds(6000));
  EXPECT_THAT(book.fence(now + milliseconds(6000)), IsEmpty());
  const auto fenced = book.fence(now + milliseconds(6001));
  ASSERT_EQ(fenced.size(), 1u);
  EXPECT_EQ(fenced[0].cluster, kCluster);
  EXPECT_THAT(fenced[0].runs, ElementsAre(11u, 12u));
  EXPECT_THAT(book.holdings(1).jobs, IsEmpty());
  EXPECT_EQ(book.next_fence(), std::nullopt);
}

TEST_F(LeaseBookTest, FinishedResultsSurviveTheFence) {
  book.take_lease(1, lease(milliseconds(6000)), now);
  begin(1, submission(1), 11);
  begin(1, submission(2), 12);
  finish(1);
  book.end_link(1);
  now += milliseconds(7000);
  book.fence(now);
  book.take_lease(2, lease(), now);
  EXPECT_THAT(book.holdings(2).jobs, ElementsAre(HeldJob{id(1), 1, true}));
}

TEST_F(LeaseBookTest, APingRenewsFromWhenTheHeardPongWasSent) {
  book.take_lease(1, lease(milliseconds(6000)), now);
  begin(1, submission(1), 11);
  book.pong_sent(1, 7, now + milliseconds(1000));
  book.pong_sent(1, 8, now + milliseconds(2000));
  book.renew(1, 7);
  EXPECT_EQ(book.next_fence(), now + milliseconds(7000));
  book.renew(1, 8);
  EXPECT_EQ(book.next_fence(), now + milliseconds(8000));
}

TEST_F(LeaseBookTest, APongThatWasNeverSentOrIsOldRenewsNothing) {
  book.take_lease(1, lease(milliseconds(6000)), now);
  begin(1, submission(1), 11);
  book.pong_sent(1, 7, now + milliseconds(1000));
  book.pong_sent(1, 8, now + milliseconds(2000));
  book.renew(1, 8);
  book.renew(1, 7);
  book.renew(1, 9);
  EXPECT_EQ(book.next_fence(), now + milliseconds(8000));
}

TEST_F(LeaseBookTest, TheNumberOfAnotherConnectionsPongRenewsNothing) {
  book.take_lease(1, lease(milliseconds(6000)), now);
  book.take_lease(2, lease(milliseconds(6000)), now);
  begin(1, submission(1), 11);
  book.pong_sent(1, 7, now + milliseconds(1000));
  book.renew(2, 7);
  EXPECT_EQ(book.next_fence(), now + milliseconds(6000));
}

TEST_F(LeaseBookTest, AnyPortalOfTheClusterRenewsTheLease) {
  book.take_lease(1, lease(milliseconds(6000)), now);
  book.take_lease(2, lease(milliseconds(6000)), now);
  begin(1, submission(1), 11);
  book.pong_sent(2, 1, now + milliseconds(3000));
  book.renew(2, 1);
  EXPECT_EQ(book.next_fence(), now + milliseconds(9000));
}

TEST_F(LeaseBookTest, OfSeveralPortalsTheShortestFenceTimeCounts) {
  book.take_lease(1, lease(milliseconds(6000)), now);
  book.take_lease(2, lease(milliseconds(4000)), now);
  book.take_lease(3, lease(milliseconds(9000)), now);
  begin(1, submission(1), 11);
  EXPECT_EQ(book.next_fence(), now + milliseconds(4000));
}

TEST_F(LeaseBookTest, AfterTheFenceJobsAreTakenOnceTheLeaseIsRenewed) {
  book.take_lease(1, lease(milliseconds(6000)), now);
  begin(1, submission(1), 11);
  now += milliseconds(7000);
  book.fence(now);
  EXPECT_EQ(refused_with([&] { begin(1, submission(2), 12); }), ErrorCode::busy);
  book.pong_sent(1, 3, now);
  book.renew(1, 3);
  EXPECT_EQ(begin(1, submission(2), 12).state, State::fresh);
}

TEST_F(LeaseBookTest, ALeaseNamesItsCluster) {
  EXPECT_EQ(refused_with([&] { book.take_lease(1, lease(milliseconds(1), ""), now); }), ErrorCode::bad_text);
}

TEST_F(LeaseBookTest, WhatCouldNotBeStartedIsForgotten) {
  book.take_lease(1, lease(), now);
  book.forget(book.begin(1, submission(1), now).key);
  EXPECT_TRUE(book.empty());
  EXPECT_EQ(book.next_fence(), std::nullopt);
}

}  // namespace
}  // namespace rota::node
