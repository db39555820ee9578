#pragma once
// The store over a scripted journal; what it says, in words.

#include <gmock/gmock.h>

#include "portal/embedded_store.hpp"
#include "tests/unit/portal/portal_bench.hpp"

namespace rota::portal {

using Outcome = ScriptedJournal::Outcome;

// So many seats, for everything.
class FewSeats : public Seats {
 public:
  std::size_t free() const override { return seats; }
  bool any_for(const JobInfo& job) const override { return seats > 0 && job.need != "nobody has it"; }
  std::optional<NodeIndex> take(JobInfo& job, Instant) override {
    --seats;
    job.node = "node-1";
    return 7;
  }
  void give_back(NodeIndex node, const JobInfo&) override {
    EXPECT_EQ(node, 7u);
    ++seats;
  }
  std::size_t seats = 0;
};

class EmbeddedStoreTest : public ::testing::Test {
 protected:
  EmbeddedStoreTest() { start(); }

  void start() {
    auto journal = std::make_unique<ScriptedJournal>(disk_);
    journal_ = journal.get();
    bounds_.write_retry = std::chrono::milliseconds(0);
    store_ = std::make_unique<EmbeddedStore>(loop_, std::move(journal), bounds_);
    StoreEvents events;
    events.on_ready = [this] { say("ready"); };
    events.on_finished = [this](const std::string& job, const Answer& answer) {
      say("finished " + named(job) + ": " + text_of(answer));
    };
    events.on_overdue = [this](const JobInfo& job) {
      say("overdue " + named(job.id));
      store_->end_queued(job.id, answer("too late"), [](const auto&) {});
    };
    events.on_stalled = [this](const std::string& problem) { say("stalled: " + problem); };
    store_->open(std::move(events), [this](const std::vector<JobInfo>& running) {
      for (const JobInfo& job : running) say("recovered " + named(job.id));
    });
    turn();
  }
  void start_again(bool is_written = false) {
    journal_->crash(is_written);
    store_.reset();
    start();
  }

  static std::string named(const std::string& job) { return std::to_string(std::stoi(job.substr(24))); }
  static std::string text_of(const Answer& answer) {
    if (const auto* error = std::get_if<protocol::Error>(answer.packet.get()))
      return std::string(to_text(error->code));
    return std::get<protocol::Result>(*answer.packet).stdout_bytes;
  }
  static Answer answer(const std::string& text) {
    protocol::Result result;
    result.stdout_bytes = text;
    return {std::make_shared<const protocol::Packet>(std::move(result))};
  }
  NewJob job(int number, const std::string& user = "anna") {
    JobInfo info{.id = job_id(number),
                 .user = user,
                 .received = UtcTime(std::chrono::seconds(number)),
                 .bytes = 100,
                 .waits_for_nodes = true};
    auto submit = std::make_shared<protocol::Submit>();
    submit->job = info.id;
    submit->source = "source of " + std::to_string(number);
    return {std::move(info), std::move(submit)};
  }

  NewJob unpromised(int number) {
    NewJob made = job(number);
    made.info.waits_for_nodes = false;
    return made;
  }

  void accept(NewJob job) {
    const std::string id = named(job.info.id);
    store_->accept(std::move(job), [this, id](const AcceptOutcome& outcome) {
      if (const auto* known = std::get_if<Known>(&outcome))
        return say((known->is_new ? "accepted " : "known ") + id);
      if (const auto* answered = std::get_if<Answer>(&outcome))
        return say("answered " + id + ": " + text_of(*answered));
      say("refused " + id + ": " + std::string(to_text(std::get<Refused>(outcome).error.code)));
    });
  }
  void accept(int number) { accept(job(number)); }
  void claim() {
    store_->claim(seats_, {}, [this](const std::vector<Claimed>& claimed) {
      for (const Claimed& one : claimed)
        say("claimed " + named(one.info.id) + "." + std::to_string(one.info.attempt) + " " +
            (one.submit ? one.submit->source : "nothing"));
    });
  }
  void claim(std::size_t seats) {
    seats_.seats = seats;
    claim();
  }
  void finish(int number, std::uint32_t attempt, const std::string& text) {
    store_->finish(job_id(number), attempt, answer(text),
                   [this](bool was_taken) { say(was_taken ? "taken" : "not taken"); });
  }
  void requeue(int number, std::uint32_t attempt) {
    store_->requeue(job_id(number), attempt, {},
                    [this](bool was_taken) { say(was_taken ? "requeued" : "not requeued"); });
  }
  void say_what(int number, const std::optional<Found>& found) {
    if (!found) return say("no " + std::to_string(number));
    const std::string state = found->state == JobState::queued    ? "queued"
                              : found->state == JobState::running ? "running"
                                                                  : text_of(*found->answer);
    say(std::to_string(number) + " is " + state);
  }
  void find(int number) {
    store_->find(job_id(number), [this, number](const auto& found) { say_what(number, found); });
  }
  void end_queued(int number, const std::string& text) {
    store_->end_queued(job_id(number), answer(text),
                       [this, number](const auto& found) { say_what(number, found); });
  }

  void say(const std::string& what) { said_.push_back(what); }
  // Since it was asked last.
  std::vector<std::string> said() {
    std::erase(said_, "ready");
    return std::exchange(said_, {});
  }
  void turn() { loop_.run(); }
  void step(Outcome outcome = Outcome::good) {
    turn();
    ASSERT_FALSE(journal_->is_idle());
    journal_->step(outcome);
    turn();
  }
  void settle() {
    for (turn(); !journal_->is_idle(); turn()) journal_->step();
  }

  StoreBounds bounds_;
  net::Loop loop_;
  std::shared_ptr<JournalDisk> disk_ = std::make_shared<JournalDisk>();
  ScriptedJournal* journal_ = nullptr;
  std::unique_ptr<EmbeddedStore> store_;
  FewSeats seats_;
  std::vector<std::string> said_;
};

}  // namespace rota::portal
