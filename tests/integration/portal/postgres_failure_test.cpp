// Servers that end in the middle: what was acknowledged is there afterwards, and every job is finished once.

#include <signal.h>

#include <random>

#include "tests/integration/portal/postgres_fixture.hpp"
#include "tests/support/processes.hpp"

namespace rota::portal {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::Not;

// Portals at work: jobs come, are claimed, finished or given up, for as long as nobody says stop.
class Work {
 public:
  Work(net::Loop& loop, std::vector<TestPortal*> portals, std::function<NewJob(int)> make_job,
       std::function<Answer(int)> make_answer)
      : portals_(std::move(portals)),
        make_job_(std::move(make_job)),
        make_answer_(std::move(make_answer)),
        timer_(loop) {
    for (std::size_t i = 0; i < portals_.size(); ++i) seats_.push_back(std::make_unique<TestSeats>(20));
    timer_.every(2ms, [this] { turn(); });
  }

  void take_no_more() { takes_more_ = false; }
  int acknowledged() const { return static_cast<int>(accepted_.size()); }
  bool is_done() const { return asked_ == 0 && finished() >= acknowledged(); }
  int finished() const { return static_cast<int>(finished_.size()); }
  const std::set<int>& accepted() const { return accepted_; }
  int finished_twice() const { return finished_twice_; }

 private:
  void turn() {
    for (std::size_t i = 0; i < portals_.size(); ++i) {
      if (takes_more_) submit(*portals_[i]);
      claim(*portals_[i], *seats_[i]);
    }
  }
  void submit(TestPortal& portal) {
    if (portal.store->stalled()) return;
    const int number = ++last_;
    ++asked_;
    portal.store->accept(make_job_(number), [this, number](const AcceptOutcome& outcome) {
      --asked_;
      if (std::holds_alternative<Known>(outcome)) accepted_.insert(number);
    });
  }
  void claim(TestPortal& portal, TestSeats& seats) {
    portal.store->claim(seats, now(), [this, &portal, &seats](const std::vector<Claimed>& claimed) {
      for (const Claimed& one : claimed) end(portal, seats, one.info);
    });
  }
  void end(TestPortal& portal, TestSeats& seats, const JobInfo& job) {
    const int number = std::stoi(job.id.substr(24));
    if (random_() % 10 == 0)
      return portal.store->requeue(job.id, job.attempt, {}, [&seats](bool) { ++seats.slots; });
    portal.store->finish(job.id, job.attempt, make_answer_(number), [this, number, &seats](bool is_taken) {
      ++seats.slots;
      if (is_taken && !finished_.insert(number).second) ++finished_twice_;
    });
  }

  std::vector<TestPortal*> portals_;
  std::function<NewJob(int)> make_job_;
  std::function<Answer(int)> make_answer_;
  std::vector<std::unique_ptr<TestSeats>> seats_;
  std::mt19937 random_{7};
  std::set<int> accepted_, finished_;
  int last_ = 0;
  int asked_ = 0;  // jobs that have neither been accepted nor refused yet
  int finished_twice_ = 0;
  bool takes_more_ = true;
  net::Timer timer_;
};

class PostgresFailureTest : public PostgresTest {
 protected:
  std::unique_ptr<Work> begin(std::vector<TestPortal*> portals) {
    return std::make_unique<Work>(
        loop_, std::move(portals),
        [](int number) { return job(number, "user" + std::to_string(number % 5)); },
        [](int number) { return answer(number); });
  }
  void finish_all(Work& work) {
    work.take_no_more();
    run_until([&] { return work.is_done(); });
  }
  void expect_nothing_lost(const Work& work, const test::PostgresServer& server) {
    EXPECT_EQ(work.finished_twice(), 0);
    EXPECT_EQ(server.ask("SELECT count(*) FROM rota.job WHERE state <> 2"), "0");
    const std::string answered = server.ask("SELECT string_agg(id, ',') FROM rota.answer");
    for (const int number : work.accepted())
      EXPECT_NE(answered.find(id(number)), std::string::npos) << "job " << number << " is lost";
  }
};

TEST_F(PostgresFailureTest, ARestartOfTheServerLosesNothingAndIsToldAsAStall) {
  auto one = open(), two = open();
  auto work = begin({one.get(), two.get()});
  for (int round = 1; round <= 3; ++round) {
    run_until([&] { return work->finished() > 100 * round; });
    round == 2 ? server_->stop() : server_->kill();
    run_until([&] { return one->store->stalled() && two->store->stalled(); });
    EXPECT_THAT(one->stalled.back(), Not(IsEmpty()));
    EXPECT_EQ(std::get<Refused>(accept(*one, job(999'999))).error.code, protocol::ErrorCode::busy);
    server_->start();
    run_until([&] { return !one->store->stalled() && !two->store->stalled(); });
    EXPECT_THAT(one->stalled.back(), IsEmpty());
  }
  finish_all(*work);
  expect_nothing_lost(*work, *server_);
}

TEST_F(PostgresFailureTest, AStandbyThatIsPromotedHasEverythingThatWasAcknowledged) {
  const auto standby = std::make_unique<test::PostgresServer>(server_.get());
  const std::string url = test::PostgresServer::url_of({server_.get(), standby.get()});
  auto one = open_at(url), two = open_at(url);
  auto work = begin({one.get(), two.get()});
  run_until([&] { return work->finished() > 300; });
  server_->kill();
  run_until([&] { return one->store->stalled(); });
  standby->promote();
  run_until([&] { return !one->store->stalled() && !two->store->stalled(); });
  const int before = work->finished();
  run_until([&] { return work->finished() > before + 100; });
  finish_all(*work);
  expect_nothing_lost(*work, *standby);
}

TEST_F(PostgresFailureTest, AConnectionThatTheServerEndsIsReplaced) {
  auto portal = open();
  auto work = begin({portal.get()});
  for (int round = 1; round <= 10; ++round) {
    run_until([&] { return work->finished() > 30 * round; });
    server_->ask(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rota-portal'");
  }
  finish_all(*work);
  expect_nothing_lost(*work, *server_);
}

// For longer than the grace: each portal gives the others as long to come back.
TEST_F(PostgresFailureTest, JobsGoOnWhereTheyAreWhenTheServerWasAwayForLong) {
  auto one = open({}, 1s), two = open({}, 1s);
  accept(*one, job(1));
  TestSeats seats(1);
  claim(*one, seats, 1);
  server_->stop();
  bool is_over = false;
  net::Timer later(loop_);
  later.once(2s, [&] { is_over = true; });
  run_until([&] { return is_over; });
  std::optional<bool> is_taken;
  one->store->finish(id(1), 1, answer(1), [&](bool told) { is_taken = told; });
  server_->start();
  run_until([&] { return is_taken.has_value(); });
  EXPECT_TRUE(*is_taken);
  EXPECT_TRUE(find(*two, 1)->answer);
}

TEST_F(PostgresFailureTest, AServerThatAnswersNothingIsToldAsAStall) {
  auto portal = open();
  const std::string backend =
      server_->ask("SELECT pid FROM pg_stat_activity WHERE application_name = 'rota-portal'");
  test::send_signal(std::stoi(backend), SIGSTOP);
  run_until([&] { return portal->store->stalled(); });
  EXPECT_THAT(portal->stalled.back(), testing::HasSubstr("no answer for 5 s"));
  test::send_signal(std::stoi(backend), SIGCONT);
  run_until([&] { return !portal->store->stalled(); });
  EXPECT_TRUE(std::holds_alternative<Known>(accept(*portal, job(1))));
}

TEST_F(PostgresFailureTest, OneOperationThatFailsKeepsNoOtherBack) {
  auto portal = open();
  server_->ask("ALTER TABLE rota.job ADD CONSTRAINT no_bert CHECK (user_name <> 'bert')");
  std::map<int, AcceptOutcome> outcomes;
  for (int i = 1; i <= 6; ++i) {
    portal->store->accept(job(i, i == 3 ? "bert" : "anna"),
                          [&, i](AcceptOutcome outcome) { outcomes.emplace(i, outcome); });
  }
  run_until([&] { return outcomes.size() == 6; });
  for (const auto& [number, outcome] : outcomes)
    EXPECT_EQ(std::holds_alternative<Known>(outcome), number != 3);
  EXPECT_EQ(server_->ask("SELECT count(*) FROM rota.job"), "5");
}

TEST_F(PostgresFailureTest, AFirstServerThatIsNotThereIsWaitedFor) {
  server_->stop();
  TestPortal portal(loop_, server_->url());
  bool is_open = false;
  portal.store->open(portal.events(), [&](const std::vector<JobInfo>&) { is_open = true; });
  EXPECT_TRUE(portal.store->stalled());
  net::Timer later(loop_);
  later.once(300ms, [&] { server_->start(); });
  run_until([&] { return is_open; });
  EXPECT_FALSE(portal.store->stalled());
}

}  // namespace
}  // namespace rota::portal
