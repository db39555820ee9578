#pragma once
// The store of one portal: every unfinished job's metadata in memory, in a fair queue; a journal behind it that brings
// them back after a crash. Single-threaded, on the loop; the journal writes off it.
//
// Everything that happens while the journal writes goes into its next transaction, so that the cost of making it durable
// is shared. Callbacks wait for the transaction that holds what they say; but for those about jobs that were not
// acknowledged: nobody was promised that such a job is never lost, and a sync of the disk takes as long as a short program
// does. It is written all the same. After a crash the portal may know nothing of it: then its node is told to end it.

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "net/next_turn.hpp"
#include "net/timer.hpp"
#include "portal/answer_loads.hpp"
#include "portal/fair_queue.hpp"
#include "portal/journal.hpp"
#include "portal/store.hpp"

namespace rota::portal {

class EmbeddedStore : public Store {
 public:
  static constexpr std::size_t kMaxLanes = 512;               // of queued jobs, see lane.hpp
  static constexpr std::chrono::milliseconds kLaterWrite{5};  // of what nobody waits for
  EmbeddedStore(net::Loop& loop, std::unique_ptr<Journal> journal, StoreBounds bounds = {});

  const std::string& cluster() const override { return journal_->cluster(); }
  void open(StoreEvents events, std::function<void(std::vector<JobInfo>)> callback) override;
  void accept(NewJob job, std::function<void(AcceptOutcome)> callback) override;
  void claim(Seats& seats, Instant now, std::function<void(std::vector<Claimed>)> callback) override;
  void finish(const std::string& job, std::uint32_t attempt, Answer answer,
              std::function<void(bool)> callback) override;
  void requeue(const std::string& job, std::uint32_t attempt, std::vector<protocol::Event> events,
               std::function<void(bool)> callback) override;
  void end_queued(const std::string& job, Answer answer,
                  std::function<void(std::optional<Found>)> callback) override;
  void find(const std::string& job, std::function<void(std::optional<Found>)> callback) override;
  void adopt(const std::string& job, std::uint32_t attempt,
             std::function<void(std::optional<JobInfo>)> callback) override;
  StoreLoad load() const override;
  bool stalled() const override { return stalled_; }
  void tick(UtcTime now) override;

 private:
  struct Job {
    JobInfo info;
    JobState state = JobState::queued;
    std::shared_ptr<const protocol::Submit> submit;  // while it is queued; null: the journal has it
    std::shared_ptr<const protocol::Packet> answer;
    std::uint64_t order = 0;
    bool is_known_to_journal = false;
    // Nobody was promised it, the journal surely has no answer of an earlier job of its id, and nobody else has asked for it:
    // what is said of it needs not wait, and overtakes nothing.
    bool is_early = false;
    bool is_dirty = false;  // it has changed since it was handed to the journal
  };
  using Jobs = std::unordered_map<std::string, Job>;
  struct Begun {
    std::uint64_t order = 0;
    Claimed claimed;
  };

  void promise(Job& job);
  AcceptOutcome outcome_of(const Job& job, const std::string& user) const;
  std::optional<protocol::Error> refusal_of(const JobInfo& info) const;
  void add(Job job);
  void enqueue(const Job& job);
  void dequeue(const Job& job);
  void end(Job& job, Answer answer);
  void tell_early(const std::string& id, std::function<void()> tell);
  std::optional<Claimed> begin(const std::string& id, Seats& seats, Instant now);
  void hand_over(std::vector<Begun> begun, Seats& seats,
                 const std::function<void(std::vector<Claimed>)>& callback);
  void load_and_hand_over(Claimed claimed, const std::function<void(std::vector<Claimed>)>& callback);
  static FairQueue::Item item_of(const Job& job);
  static std::optional<UtcTime> deadline_of(const JobInfo& info);

  // embedded_writes.cpp
  void touch(Job& job);
  void then(std::function<void()> step);
  void flush_soon();
  void flush_later();
  void flush_within(std::chrono::milliseconds time);
  void flush();
  std::vector<JournalEntry> take_dirty();
  void written(const std::vector<std::string>& ids, const Journal::Written& outcome);
  void write_again(const std::vector<std::string>& ids, const std::string& problem);
  void drop_known(const std::string& id);
  bool was_known(std::uint64_t order) const {
    return known_.contains(order) || known_before_.contains(order);
  }
  void load_outcome(const std::string& id, const std::string& user,
                    const std::function<void(AcceptOutcome)>& callback);
  void settle(const std::string& id);

  std::unique_ptr<Journal> journal_;
  AnswerLoads loads_;
  StoreBounds bounds_;
  StoreEvents events_;
  Jobs jobs_;
  FairQueue queue_;
  std::set<std::pair<UtcTime, std::string>> deadlines_;  // of queued jobs
  std::uint64_t next_order_ = 1;
  std::uint64_t running_ = 0;
  std::uint64_t queued_bytes_ = 0;
  std::vector<std::string> dirty_;
  // Orders of jobs that seemed new to the last write, and to the one before, and were there already. What was asked of such
  // a job while it was being written is looked at with the next write.
  std::unordered_set<std::uint64_t> known_;
  std::unordered_set<std::uint64_t> known_before_;
  std::vector<std::function<void()>> next_steps_;  // once what is dirty now is durable
  std::vector<std::function<void()>> steps_;       // once what is being written is
  bool is_writing_ = false;
  std::optional<std::chrono::milliseconds> flush_due_;  // within so long from when it was asked for
  bool stalled_ = false;
  UtcTime forgotten_{};      // when old answers were looked for
  net::NextTurn next_turn_;  // for what does not wait for what is written
  net::Timer turn_;
  net::Timer retry_;
};

}  // namespace rota::portal
