#pragma once
// Portals that share a real PostgreSQL server, all on one loop.

#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "net/loop.hpp"
#include "net/timer.hpp"
#include "portal/postgres_store.hpp"
#include "tests/integration/portal/postgres_server.hpp"

namespace rota::portal {

// Nodes with so many free slots that take these languages.
class TestSeats : public Seats {
 public:
  explicit TestSeats(std::size_t free_slots, std::set<std::string> taken = {"c"})
      : slots(free_slots), needs(std::move(taken)) {}

  std::size_t free() const override { return slots; }
  bool any_for(const JobInfo& job) const override { return slots > 0 && needs.contains(job.need); }
  std::optional<NodeIndex> take(JobInfo& job, Instant) override {
    if (refuses_all) ++refused;
    if (!any_for(job) || refuses_all) return std::nullopt;
    --slots;
    job.node = "node-1";
    return 0;
  }
  void give_back(NodeIndex, const JobInfo&) override { ++slots; }

  std::size_t slots;
  std::set<std::string> needs;
  bool refuses_all = false;  // at the last moment
  int refused = 0;
};

// A store and what it has told.
struct TestPortal {
  TestPortal(net::Loop& loop, const std::string& url, StoreBounds bounds = {},
             std::chrono::seconds grace = std::chrono::seconds(15))
      : store(std::make_unique<PostgresStore>(
            loop, PostgresSettings{url, "portal", grace, std::chrono::milliseconds(100)}, bounds)) {}

  StoreEvents events() {
    return {
        .on_ready =
            [this] {
              if (on_ready) on_ready();
            },
        .on_finished = [this](const std::string& job, const Answer& answer) { finished[job] = answer; },
        .on_cancel = [this](const std::string& job, const std::string& reason) { cancelled[job] = reason; },
        .on_overdue = [this](const JobInfo& job) { overdue.insert(job.id); },
        .on_stalled = [this](const std::string& problem) { stalled.push_back(problem); }};
  }

  std::function<void()> on_ready;
  std::map<std::string, Answer> finished;
  std::map<std::string, std::string> cancelled;
  std::set<std::string> overdue;
  std::vector<std::string> stalled;
  std::unique_ptr<PostgresStore> store;
};

class PostgresTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (test::postgres_programs().empty())
      GTEST_SKIP() << "NOT TESTED: PostgreSQL is not installed (ci/setup postgres)";
    server_ = std::make_unique<test::PostgresServer>();
  }

  std::unique_ptr<TestPortal> open(StoreBounds bounds = {},
                                   std::chrono::seconds grace = std::chrono::seconds(15)) {
    return open_at(server_->url(), bounds, grace);
  }
  std::unique_ptr<TestPortal> open_at(const std::string& url, StoreBounds bounds = {},
                                      std::chrono::seconds grace = std::chrono::seconds(15)) {
    auto portal = std::make_unique<TestPortal>(loop_, url, bounds, grace);
    bool is_open = false;
    portal->store->open(portal->events(), [&](const std::vector<JobInfo>&) { is_open = true; });
    run_until([&] { return is_open; });
    return portal;
  }

  // Looked at every millisecond, by the loop: the condition may not wait for it.
  void run_until(const std::function<bool()>& condition,
                 std::chrono::seconds timeout = std::chrono::seconds(60)) {
    bool is_late = false;
    net::Timer late(loop_), look(loop_);
    late.once(timeout, [&] {
      is_late = true;
      loop_.stop();
    });
    look.every(std::chrono::milliseconds(1), [&] {
      if (condition()) loop_.stop();
    });
    if (!condition()) loop_.run();
    ASSERT_FALSE(is_late) << "it does not happen";
  }

  // What a call of the store calls back with.
  template <typename Value, typename Call>
  Value await(const Call& call) {
    auto value = std::make_shared<std::optional<Value>>();
    call([value](Value told) { *value = std::move(told); });
    run_until([&] { return value->has_value(); });
    if (!value->has_value()) throw std::runtime_error("nothing was told");
    return std::move(**value);
  }

  static std::string id(int number) {
    const std::string digits = std::to_string(number);
    return "01938c6e-5a00-7abc-8def-" + std::string(12 - digits.size(), '0') + digits;
  }
  static NewJob job(int number, const std::string& user = "anna", const std::string& need = "c") {
    protocol::Submit submit;
    submit.job = id(number);
    submit.file_name = "a.c";
    submit.source = "int main(){}";
    NewJob job;
    job.info.id = submit.job;
    job.info.user = user;
    job.info.need = need;
    job.info.received = UtcTime(std::chrono::seconds(1'000'000 + number));
    job.info.bytes = 12;
    job.submit = std::make_shared<const protocol::Submit>(std::move(submit));
    return job;
  }
  static Answer answer(int number, const std::string& output = "hello") {
    protocol::Result result;
    result.job = id(number);
    result.verdict = protocol::Verdict::AC;
    result.stdout_bytes = output;
    return {std::make_shared<const protocol::Packet>(std::move(result))};
  }

  AcceptOutcome accept(TestPortal& portal, NewJob new_job) {
    return await<AcceptOutcome>([&](auto done) { portal.store->accept(std::move(new_job), done); });
  }
  // The jobs that come at once, at least this many.
  std::vector<Claimed> claim(TestPortal& portal, Seats& seats, std::size_t count) {
    auto claimed = std::make_shared<std::vector<Claimed>>();
    const auto ask = [&portal, &seats, claimed] {
      portal.store->claim(seats, now(), [claimed](std::vector<Claimed> some) {
        for (auto& one : some) claimed->push_back(std::move(one));
      });
    };
    portal.on_ready = ask;
    ask();
    run_until([&] { return claimed->size() >= count; });
    portal.on_ready = {};
    return *claimed;
  }
  bool finish(TestPortal& portal, int number, std::uint32_t attempt = 1,
              const std::string& output = "hello") {
    return await<bool>(
        [&](auto done) { portal.store->finish(id(number), attempt, answer(number, output), done); });
  }
  bool requeue(TestPortal& portal, int number, std::uint32_t attempt = 1) {
    return await<bool>([&](auto done) { portal.store->requeue(id(number), attempt, {}, done); });
  }
  std::optional<Found> find(TestPortal& portal, int number) {
    return await<std::optional<Found>>([&](auto done) { portal.store->find(id(number), done); });
  }

  std::unique_ptr<test::PostgresServer> server_;
  net::Loop loop_;
};

}  // namespace rota::portal
