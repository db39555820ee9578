#pragma once
// The store that several portals share, in PostgreSQL 15 or newer: its tables in postgres/schema.hpp, what is asked of them
// in postgres/statements.hpp, and how in postgres/queue.hpp. Each portal's process is a session there, which it renews every
// second; jobs of a session that has been silent for the grace wait again, whichever portal sees it. The grace has to be
// longer than a node's fence, so that an attempt is over before the next begins.
//
// Bounds and load() rest on counts that are up to a second old, and on what this portal has done since.

#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "net/next_turn.hpp"
#include "net/timer.hpp"
#include "portal/postgres/queue.hpp"
#include "portal/store.hpp"

namespace rota::portal {

struct PostgresSettings {
  std::string
      url;  // postgres://user@host1,host2/database; the password rather in PGPASSFILE, or in the URL's file
  std::string portal_name;  // for people who look into the database
  std::chrono::seconds grace{15};
  std::chrono::milliseconds sweep{1000};
};

class PostgresStore : public Store {
 public:
  // Nothing happens before open(); its callback comes once the database has been reached, however long that takes. A
  // database that cannot be used (of a newer version, say) ends the loop's run() with a std::runtime_error.
  PostgresStore(net::Loop& loop, PostgresSettings settings, StoreBounds bounds = {});

  const std::string& cluster() const override { return queue_.cluster(); }  // empty before open()'s callback
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
  StoreLoad load() const override { return load_; }
  bool stalled() const override { return queue_.is_stalled(); }
  void tick(UtcTime now) override;

 private:
  // A job that this session has claimed.
  struct Held {
    JobInfo info;
    bool is_cancel_told = false;
  };
  struct ClaimRequest {
    Seats* seats;
    Instant now;
    std::function<void(std::vector<Claimed>)> callback;
  };

  // postgres_store.cpp
  AcceptOutcome outcome_of(const PostgresOutcome& outcome, const JobInfo& job, const Refused& refused);
  AcceptOutcome outcome_of_known(const PostgresOutcome& outcome, const JobInfo& job);
  std::optional<Refused> refusal_of(const JobInfo& job) const;
  void count_new(const JobInfo& job);
  void finished_here(const std::string& job, const Answer& answer, const std::function<void(bool)>& callback);

  // postgres_claim.cpp
  void ask_claim();
  std::vector<std::string> lanes_to_serve() const;
  void forget_lanes(const std::vector<std::string>& lanes, std::uint64_t asked);
  void claimed(const PostgresResult& rows, std::size_t most);
  std::optional<Claimed> seated(const PostgresResult& rows, int row, std::vector<std::string>& unseated);
  void note(const std::vector<Claimed>& claimed, const std::vector<std::string>& unseated);
  void note_lane(const std::string& lane);
  void reconcile();

  // postgres_sweep.cpp
  PostgresGroup greet() const;
  void connected();
  void notified(const std::string& channel, const std::string& payload);
  void sweep();
  void swept(const PostgresOutcome& outcome);
  void take_counts(const PostgresResult& rows);
  void look_for_cancels();
  void take_cancels(const PostgresResult& rows);
  void look_for_answers(std::vector<std::string> jobs);
  void look_for_all_answers();
  void forget(UtcTime before);
  std::vector<std::string> held_ids() const;

  PostgresSettings settings_;
  StoreBounds bounds_;
  StoreEvents events_;
  std::function<void(std::vector<JobInfo>)> opened_;
  std::string session_;  // UUID of this object's life

  std::unordered_map<std::string, Held> held_;
  std::unordered_set<std::string> adopting_;
  // Jobs whose answer somebody here may wait for.
  std::set<std::string> awaited_;
  std::string looked_up_to_;  // of them, in the sweeps

  std::map<std::string, std::uint64_t> lanes_;  // in which jobs wait, and when that was noted
  std::uint64_t lane_notes_ = 0;
  std::optional<ClaimRequest> claim_;
  bool is_claiming_ = false;
  bool claims_again_ = false;

  StoreLoad load_;
  std::unordered_map<std::string, std::uint64_t> queued_of_user_;
  Nanoseconds connected_at_{};  // monotonic
  std::uint64_t sweeps_ = 0;
  bool is_sweeping_ = false;
  bool looks_for_overdue_ = false;
  UtcTime forgotten_{};

  net::NextTurn next_turn_;
  net::Timer sweep_timer_;
  PostgresQueue queue_;  // last: its callbacks use all that stands above
};

}  // namespace rota::portal
