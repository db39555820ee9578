#pragma once
// Where a portal's jobs are: the state machine of a job, and its one answer, behind one interface. A portal's own engine is
// EmbeddedStore (the queue in memory, an SQLite file or nothing behind it); PostgresStore is shared by several portals.
//
//   queued ──claim──▶ running ──finish──▶ finished
//      ▲                 │
//      └────requeue──────┘
//
// Every call is taken at once and in order; its callback comes later, never from within the call, once what it says is
// durable (of jobs that were not acknowledged it may come before), and never after the store has gone. A store that cannot
// write (a full disk, an engine that is away) tries again until it can, and meanwhile refuses new jobs (stalled()):
// callbacks come late, but never untrue.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "portal/actions.hpp"
#include "protocol/packets.hpp"

namespace rota::portal {

enum class JobState { queued, running, finished };

// What is known of a job beside its source and what belongs to it.
struct JobInfo {
  std::string id;
  std::string user;
  std::string need;                 // what its node must accept: a language's name, or ".ext"; lower case
  std::vector<std::string> labels;  // that its node must have
  protocol::Schedule schedule = protocol::Schedule::least_loaded;
  std::uint32_t priority = protocol::kDefaultPriority;
  UtcTime received{};
  std::optional<UtcTime> queue_until;   // then it ends where it is still queued
  std::optional<UtcTime> answer_until;  // then it ends wherever it is
  std::uint64_t bytes = 0;              // of its submit packet, see protocol::bytes_of
  bool waits_for_nodes = false;  // acknowledged: it cannot be lost, and stays queued also where no node is up
  std::uint32_t attempt = 0;     // the last that was begun
  std::string node;              // which had the last attempt
  std::vector<protocol::Event> events;  // the portals' own, in order
};

// The one answer to a job, as it goes to clients.
struct Answer {
  std::shared_ptr<const protocol::Packet> packet;  // Result or Error
};

struct NewJob {
  JobInfo info;
  std::shared_ptr<const protocol::Submit> submit;
};

struct Refused {
  protocol::Error error;  // busy, duplicate_job
};
// The job is there, by this call or an earlier one of the same id and user.
struct Known {
  bool is_new = false;
  JobState state = JobState::queued;
  std::uint64_t ahead = 0;  // queued jobs that will probably be begun before it
};
using AcceptOutcome = std::variant<Known, Answer, Refused>;

struct Claimed {
  JobInfo info;  // its attempt is the one that begins
  std::shared_ptr<const protocol::Submit> submit;
  NodeIndex node = 0;
};

// Free slots of the portal's nodes.
class Seats {
 public:
  virtual ~Seats() = default;
  virtual std::size_t free() const = 0;  // slots
  // Whether some node can take such a job (its need and labels count) now.
  virtual bool any_for(const JobInfo& job) const = 0;
  // Gives the job a seat and notes that in it: its node, and a `dispatched` event. nullopt: there is none for it.
  virtual std::optional<NodeIndex> take(JobInfo& job, Instant now) = 0;
  // The job has turned out to be finished already, and does not take its seat.
  virtual void give_back(NodeIndex node, const JobInfo& job) = 0;
};

struct Found {
  JobInfo info;
  JobState state = JobState::queued;
  std::optional<Answer> answer;  // of a finished job
};

struct StoreLoad {
  std::uint64_t queued = 0;  // jobs
  std::uint64_t running = 0;
  std::uint64_t queued_bytes = 0;
};

struct StoreBounds {
  std::uint64_t jobs = 100'000;                  // queued, all users
  std::uint64_t bytes = 512ull << 20;            // of them
  std::uint64_t jobs_per_user = 20'000;          // queued
  std::chrono::hours keep_answers{24};           // of finished jobs
  std::uint64_t kept_answer_bytes = 1ull << 30;  // the oldest go first
  std::chrono::milliseconds write_retry{250};    // after a write that failed
};

struct StoreEvents {
  std::function<void()> on_ready;  // there may be something to claim
  // A job has its answer, by whichever portal. It is durable, unless nobody was promised that: of a job that was not
  // acknowledged it may come before. Comes before the callback of the call that did it.
  std::function<void(const std::string& job, const Answer& answer)> on_finished;
  // Another portal asks for the end of an attempt that this one has claimed.
  std::function<void(const std::string& job, const std::string& reason)> on_cancel;
  // The job has waited past queue_until or answer_until while it was queued. Whoever hears it ends it by end_queued.
  std::function<void(const JobInfo& job)> on_overdue;
  // It cannot write (its words) or can again (empty).
  std::function<void(const std::string& problem)> on_stalled;
};

class Store {
 public:
  virtual ~Store() = default;

  // UUID of the store, for life: nodes keep results for whoever speaks for it.
  virtual const std::string& cluster() const = 0;

  // Called once, before any other. Jobs that this portal (or, of an embedded store, an earlier life of it) has claimed and
  // not finished come by recovered: their nodes may still have them.
  virtual void open(StoreEvents events, std::function<void(std::vector<JobInfo> recovered)> callback) = 0;

  virtual void accept(NewJob job, std::function<void(AcceptOutcome)> callback) = 0;

  // Begins attempts at jobs that get a seat, in fair order (fair_queue.hpp): higher priorities
  // first within a user, users with fewer running jobs before others. A job that gets no seat stays queued, and does not
  // keep others back.
  // The info that take() gets has the attempt that begins. seats outlives the store.
  virtual void claim(Seats& seats, Instant now, std::function<void(std::vector<Claimed>)> callback) = 0;

  // The attempt's end is the job's. Guarded: false where it is not the attempt that runs (it was given up, or the job is
  // finished), and then nothing has changed.
  virtual void finish(const std::string& job, std::uint32_t attempt, Answer answer,
                      std::function<void(bool was_taken)> callback) = 0;

  // The attempt came to nothing; the job waits again, before those that came later. Guarded as finish is. events: the
  // job's, in place of those that it had.
  virtual void requeue(const std::string& job, std::uint32_t attempt, std::vector<protocol::Event> events,
                       std::function<void(bool was_taken)> callback) = 0;

  // Ends a job that is queued. The callback gets what became of it: finished (with this answer, or one that came before),
  // or running; nullopt: unknown. Of one that another portal has claimed, that portal's on_cancel is called.
  virtual void end_queued(const std::string& job, Answer answer,
                          std::function<void(std::optional<Found>)> callback) = 0;

  virtual void find(const std::string& job, std::function<void(std::optional<Found>)> callback) = 0;

  // A node of this portal says that it has this attempt, which this portal has not claimed. nullopt: it is not wanted.
  virtual void adopt(const std::string& job, std::uint32_t attempt,
                     std::function<void(std::optional<JobInfo>)> callback) = 0;

  virtual StoreLoad load() const = 0;
  virtual bool stalled() const = 0;

  // Overdue jobs and old answers. To be called now and then.
  virtual void tick(UtcTime now) = 0;
};

}  // namespace rota::portal
