// One PostgreSQL, one portal and several.

#include "protocol/bounds.hpp"
#include "tests/integration/portal/postgres_fixture.hpp"

namespace rota::portal {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PostgresStoreTest : public PostgresTest {};

TEST_F(PostgresStoreTest, AJobIsAcceptedClaimedAndFinishedAndThenThereForAnyPortal) {
  auto portal = open();
  const auto outcome = accept(*portal, job(1));
  ASSERT_TRUE(std::holds_alternative<Known>(outcome));
  EXPECT_TRUE(std::get<Known>(outcome).is_new);
  TestSeats seats(1);
  const auto claimed = claim(*portal, seats, 1);
  EXPECT_EQ(claimed[0].info.id, id(1));
  EXPECT_EQ(claimed[0].info.attempt, 1u);
  EXPECT_EQ(*claimed[0].submit, *job(1).submit);
  EXPECT_EQ(find(*portal, 1)->state, JobState::running);
  EXPECT_EQ(find(*portal, 1)->info.node, "node-1") << "what the seat noted is kept";
  EXPECT_TRUE(finish(*portal, 1));
  EXPECT_EQ(*portal->finished.at(id(1)).packet, *answer(1).packet);
  portal = open();
  const auto found = find(*portal, 1);
  ASSERT_TRUE(found && found->answer);
  EXPECT_EQ(*found->answer->packet, *answer(1).packet);
  EXPECT_EQ(found->info.user, "anna");
  EXPECT_FALSE(find(*portal, 2));
}

TEST_F(PostgresStoreTest, AJobIsAcceptedOnceAndAnotherUsersIdIsRefused) {
  auto portal = open();
  accept(*portal, job(1));
  NewJob again = job(1);
  again.info.received += 1s;
  const auto known = std::get<Known>(accept(*portal, again));
  EXPECT_FALSE(known.is_new);
  EXPECT_EQ(known.state, JobState::queued);
  EXPECT_EQ(std::get<Refused>(accept(*portal, job(1, "bert"))).error.code,
            protocol::ErrorCode::duplicate_job);
  TestSeats seats(4);
  claim(*portal, seats, 1);
  EXPECT_EQ(std::get<Known>(accept(*portal, again)).state, JobState::running);
  finish(*portal, 1);
  EXPECT_EQ(*std::get<Answer>(accept(*portal, again)).packet, *answer(1).packet);
}

TEST_F(PostgresStoreTest, WhatIsPastABoundIsRefusedAndWhatIsThereIsNot) {
  auto portal = open({.jobs = 3, .jobs_per_user = 2});
  accept(*portal, job(1));
  accept(*portal, job(2));
  EXPECT_THAT(std::get<Refused>(accept(*portal, job(3))).error.message, HasSubstr("2 jobs of yours"));
  EXPECT_FALSE(std::get<Known>(accept(*portal, job(2))).is_new);
  accept(*portal, job(4, "bert"));
  EXPECT_EQ(std::get<Refused>(accept(*portal, job(5, "bert"))).error.code, protocol::ErrorCode::busy);
  EXPECT_EQ(portal->store->load().queued, 3u);
}

TEST_F(PostgresStoreTest, OnlyTheAttemptThatRunsEndsAJob) {
  auto portal = open();
  accept(*portal, job(1));
  EXPECT_FALSE(finish(*portal, 1)) << "it does not run yet";
  TestSeats seats(9);
  claim(*portal, seats, 1);
  EXPECT_FALSE(finish(*portal, 1, 2));
  EXPECT_FALSE(finish(*portal, 7));
  EXPECT_FALSE(find(*portal, 1)->answer);
}

TEST_F(PostgresStoreTest, AResultCountsWhicheverPortalItsNodeBringsItTo) {
  auto one = open(), two = open();
  accept(*one, job(1));
  TestSeats seats(1);
  claim(*one, seats, 1);
  EXPECT_FALSE(finish(*two, 1, 2));
  EXPECT_TRUE(finish(*two, 1));
  EXPECT_FALSE(finish(*one, 1)) << "once";
}

TEST_F(PostgresStoreTest, AnAttemptThatCameToNothingIsFollowedByTheNext) {
  auto portal = open();
  accept(*portal, job(1));
  accept(*portal, job(2));
  TestSeats seats(1);
  claim(*portal, seats, 1);
  EXPECT_TRUE(requeue(*portal, 1));
  EXPECT_FALSE(requeue(*portal, 1));
  seats.slots = 1;
  const auto claimed = claim(*portal, seats, 1);
  EXPECT_EQ(claimed[0].info.id, id(1)) << "before those that came later";
  EXPECT_EQ(claimed[0].info.attempt, 2u);
  EXPECT_FALSE(finish(*portal, 1, 1));
  EXPECT_TRUE(finish(*portal, 1, 2));
}

TEST_F(PostgresStoreTest, HigherPrioritiesAndUsersWithFewerRunningJobsGoFirst) {
  auto portal = open();
  for (int i = 1; i <= 4; ++i) accept(*portal, job(i));
  NewJob urgent = job(5);
  urgent.info.priority = 9;
  accept(*portal, urgent);
  accept(*portal, job(6, "bert"));
  TestSeats seats(3);
  std::vector<std::string> order;
  for (const auto& one : claim(*portal, seats, 3)) order.push_back(one.info.id);
  EXPECT_THAT(order, ElementsAre(id(5), id(6), id(1)));
}

TEST_F(PostgresStoreTest, AJobThatNoNodeHereTakesIsLeftToAnotherPortal) {
  auto portal = open();
  accept(*portal, job(1, "anna", "python3"));
  accept(*portal, job(2));
  TestSeats seats(2);
  EXPECT_EQ(claim(*portal, seats, 1).at(0).info.id, id(2));
  auto other = open();
  TestSeats pythons(1, {"python3"});
  const auto claimed = claim(*other, pythons, 1);
  EXPECT_EQ(claimed.at(0).info.id, id(1));
  EXPECT_EQ(claimed.at(0).info.attempt, 1u);
}

TEST_F(PostgresStoreTest, AJobWhoseSeatHasGoneIsPutBackAndTheAttemptDoesNotCount) {
  auto portal = open();
  TestSeats seats(1);
  seats.refuses_all = true;
  accept(*portal, job(1));
  portal->store->claim(seats, now(), [](std::vector<Claimed>) { ADD_FAILURE(); });
  run_until([&] { return seats.refused > 0; });
  run_until([&] { return server_->ask("SELECT state FROM rota.job") == "0"; });
  EXPECT_EQ(find(*portal, 1)->info.attempt, 0u);
  seats.refuses_all = false;
  EXPECT_EQ(claim(*portal, seats, 1).at(0).info.attempt, 1u);
}

TEST_F(PostgresStoreTest, TwoPortalsNeverClaimTheSameJobAndTogetherTheyClaimAll) {
  auto one = open(), two = open();
  constexpr int kJobs = 300;
  int accepted = 0;
  for (int i = 1; i <= kJobs; ++i) {
    (i % 2 == 0 ? one : two)
        ->store->accept(job(i, "user" + std::to_string(i % 7)), [&](const AcceptOutcome&) { ++accepted; });
  }
  run_until([&] { return accepted == kJobs; });
  std::multiset<std::string> claimed;
  std::map<TestPortal*, std::size_t> count;
  TestSeats seats_of_one(10'000), seats_of_two(10'000);
  const auto go_on = [&](TestPortal& portal, TestSeats& seats) {
    seats.slots = 10;
    portal.store->claim(seats, now(), [&](std::vector<Claimed> some) {
      count[&portal] += some.size();
      for (const auto& job : some) claimed.insert(job.info.id);
    });
  };
  run_until([&] {
    go_on(*one, seats_of_one);
    go_on(*two, seats_of_two);
    return claimed.size() >= kJobs;
  });
  EXPECT_EQ(std::set<std::string>(claimed.begin(), claimed.end()).size(), claimed.size());
  EXPECT_EQ(claimed.size(), static_cast<std::size_t>(kJobs));
  EXPECT_GT(count[one.get()], 0u);
  EXPECT_GT(count[two.get()], 0u);
}

TEST_F(PostgresStoreTest, WhoWaitsAtOnePortalHearsWhatAnotherFinishes) {
  auto one = open(), two = open();
  accept(*one, job(1));
  EXPECT_TRUE(find(*two, 1));
  TestSeats seats(1);
  claim(*two, seats, 1);
  finish(*two, 1);
  run_until([&] { return one->finished.contains(id(1)); });
  EXPECT_EQ(*one->finished.at(id(1)).packet, *answer(1).packet);
}

TEST_F(PostgresStoreTest, AJobThatComesToOnePortalWakesTheOther) {
  auto one = open(), two = open();
  bool is_woken = false;
  two->on_ready = [&] { is_woken = true; };
  accept(*one, job(1));
  run_until([&] { return is_woken; });
}

TEST_F(PostgresStoreTest, AQueuedJobIsEndedAndARunningOneIsCancelledByItsPortal) {
  auto one = open(), two = open();
  accept(*one, job(1));
  auto found = await<std::optional<Found>>(
      [&](auto done) { one->store->end_queued(id(1), answer(1, "cancelled"), done); });
  ASSERT_TRUE(found && found->answer);
  EXPECT_EQ(*one->finished.at(id(1)).packet, *answer(1, "cancelled").packet);

  accept(*one, job(2));
  TestSeats seats(1);
  claim(*two, seats, 1);
  protocol::Result cancelled;
  cancelled.job = id(2);
  cancelled.message = "anna has cancelled it";
  const Answer answer{std::make_shared<const protocol::Packet>(cancelled)};
  found = await<std::optional<Found>>([&](auto done) { one->store->end_queued(id(2), answer, done); });
  EXPECT_EQ(found->state, JobState::running);
  run_until([&] { return !two->cancelled.empty(); });
  EXPECT_EQ(two->cancelled.at(id(2)), "anna has cancelled it");
  EXPECT_THAT(one->cancelled, IsEmpty());
  EXPECT_FALSE(await<std::optional<Found>>([&](auto done) { one->store->end_queued(id(9), answer, done); }));
}

TEST_F(PostgresStoreTest, JobsOfAPortalThatIsSilentWaitAgain) {
  auto one = open(), two = open({}, 1s);
  accept(*one, job(1));
  TestSeats seats(1);
  claim(*one, seats, 1);
  one.reset();
  TestSeats others(1);
  const auto claimed = claim(*two, others, 1);
  EXPECT_EQ(claimed.at(0).info.id, id(1));
  EXPECT_EQ(claimed.at(0).info.attempt, 2u);
}

TEST_F(PostgresStoreTest, JobsOfAPortalThatIsHeardStay) {
  auto one = open(), two = open({}, 1s);
  accept(*one, job(1));
  TestSeats seats(1);
  claim(*one, seats, 1);
  bool is_over = false;
  net::Timer longer_than_grace(loop_);
  longer_than_grace.once(2500ms, [&] { is_over = true; });
  run_until([&] { return is_over; });
  EXPECT_TRUE(finish(*one, 1));
}

TEST_F(PostgresStoreTest, AnAttemptGoesOnAtThePortalThatItsNodeCameTo) {
  auto one = open(), two = open();
  accept(*one, job(1));
  TestSeats seats(1);
  claim(*one, seats, 1);
  const auto adopt = [&](TestPortal& portal, std::uint32_t attempt) {
    return await<std::optional<JobInfo>>([&](auto done) { portal.store->adopt(id(1), attempt, done); });
  };
  EXPECT_FALSE(adopt(*two, 2));
  const auto info = adopt(*two, 1);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->attempt, 1u);
  EXPECT_EQ(info->user, "anna");
  EXPECT_TRUE(finish(*two, 1));
  EXPECT_FALSE(adopt(*two, 1)) << "it is not wanted any more";
}

TEST_F(PostgresStoreTest, TellsOfJobsThatHaveWaitedTooLong) {
  auto portal = open();
  NewJob late = job(1);
  late.info.queue_until = UtcTime(100s);
  late.info.answer_until = UtcTime(200s);
  accept(*portal, late);
  accept(*portal, job(2));
  portal->store->tick(UtcTime(99s));
  EXPECT_TRUE(find(*portal, 1));
  EXPECT_THAT(portal->overdue, IsEmpty());
  portal->store->tick(UtcTime(100s));
  run_until([&] { return !portal->overdue.empty(); });
  EXPECT_THAT(portal->overdue, ElementsAre(id(1)));
}

TEST_F(PostgresStoreTest, ForgetsAnswersThatAreOldOrTooMany) {
  auto portal = open({.keep_answers = std::chrono::hours(1), .kept_answer_bytes = 30'000});
  TestSeats seats(10);
  for (int i = 1; i <= 5; ++i) {
    accept(*portal, job(i));
    claim(*portal, seats, 1);
    finish(*portal, i, 1, std::string(10'000, 'x'));
  }
  portal->store->tick(now().utc);
  const auto answers = [&] { return server_->ask("SELECT count(*) FROM rota.answer"); };
  run_until([&] { return answers() == "2"; });
  EXPECT_FALSE(find(*portal, 3));
  EXPECT_TRUE(find(*portal, 4));
  portal->store->tick(now().utc + 2h);
  run_until([&] { return answers() == "0"; });
  EXPECT_EQ(server_->ask("SELECT count(*) FROM rota.job"), "0");
}

TEST_F(PostgresStoreTest, HoldsTheLargestSubmissionsAndAnswers) {
  auto portal = open();
  NewJob large = job(1);
  auto submit = *large.submit;
  submit.source = std::string(protocol::kMaxSourceBytes, '\xff');
  submit.stdin_bytes = std::string(1000, '\0');
  large.submit = std::make_shared<const protocol::Submit>(submit);
  accept(*portal, large);
  TestSeats seats(1);
  EXPECT_EQ(*claim(*portal, seats, 1).at(0).submit, submit);
  EXPECT_TRUE(finish(*portal, 1, 1, std::string(protocol::kWireMaxima.output_bytes, '\xff')));
  const auto found = find(*portal, 1);
  EXPECT_EQ(std::get<protocol::Result>(*found->answer->packet).stdout_bytes.size(),
            protocol::kWireMaxima.output_bytes);
}

TEST_F(PostgresStoreTest, HasOneUuidForAllPortals) {
  auto one = open(), two = open();
  EXPECT_EQ(one->store->cluster().size(), 36u);
  EXPECT_EQ(one->store->cluster(), two->store->cluster());
}

TEST_F(PostgresStoreTest, OfANewerVersionIsRefused) {
  open();
  server_->ask("UPDATE rota.store SET version = 99");
  TestPortal portal(loop_, server_->url());
  portal.store->open(portal.events(), [](const std::vector<JobInfo>&) { ADD_FAILURE(); });
  try {
    loop_.run();
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("has version 99, and this rota knows 1"));
  }
}

}  // namespace
}  // namespace rota::portal
