#pragma once
// What a portal asks of PostgreSQL, in order and until it is done, over one connection after another. All that is asked while
// an earlier batch is under way goes with the next, as one transaction; where something in a batch fails, each operation of
// it is tried alone. A connection that is lost is replaced after a pause that grows, and what was under way is asked again:
// operations have to be such that this does no harm.

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/timer.hpp"
#include "portal/postgres/link.hpp"

namespace rota::portal {

struct PostgresOutcome {
  std::vector<PostgresResult> results;  // one for each call
  bool is_again = false;                // it may have been carried out before, by a connection that was lost
  std::string problem;                  // it will never be carried out: PostgreSQL takes it for nonsense
};

struct PostgresQueueEvents {
  std::function<PostgresGroup()> greet;  // what is asked first on each new connection
  std::function<void()> on_connected;    // and has been answered
  std::function<void(const std::string& channel, const std::string& payload)> on_notification;
  std::function<void(const std::string& problem)> on_stalled;  // empty: not any more
};

class PostgresQueue {
 public:
  using Done = std::function<void(PostgresOutcome)>;
  static constexpr std::size_t kBatchOperations = 256;
  static constexpr std::size_t kBatchBytes = 8 << 20;
  static constexpr std::chrono::seconds kSlow{5};  // without an answer: stalled
  static constexpr std::chrono::milliseconds kFirstPause{100}, kLongestPause{5000};

  PostgresQueue(net::Loop& loop, std::string url);
  ~PostgresQueue() { *alive_ = false; }
  PostgresQueue(const PostgresQueue&) = delete;
  PostgresQueue& operator=(const PostgresQueue&) = delete;

  void start(PostgresQueueEvents events);

  // done is never called from within, and not after the queue has gone.
  void run(PostgresGroup calls, Done done);

  const std::string& cluster() const { return cluster_; }  // empty before the first connection
  bool is_stalled() const { return !problem_.empty(); }
  bool is_connected() const { return phase_ == Phase::ready; }

 private:
  enum class Phase { away, making, preparing, greeting, ready };
  struct Operation {
    PostgresGroup calls;
    Done done;
    bool is_again = false;
  };

  void connect();
  void lost(const std::string& problem);
  void set_up();
  void answered(std::vector<PostgresAnswer> answers);
  void go_on_with_set_up(PostgresAnswer answer);
  void take_version(const PostgresResult& version);
  void become_ready();
  void pump_soon();
  void pump();
  void take_batch();
  void send_singly();
  void batch_answered(PostgresAnswer answer);
  void singly_answered(std::vector<PostgresAnswer> answers);
  void ask_again_later(std::deque<Operation> operations, const std::string& problem);
  void done(Operation& operation, PostgresOutcome outcome);
  void tell(const std::string& problem);

  net::Loop& loop_;
  std::string url_;
  PostgresQueueEvents events_;
  std::unique_ptr<PostgresLink> link_;
  std::size_t connections_ = 0;
  Phase phase_ = Phase::away;
  std::deque<Operation> waiting_;
  std::deque<Operation> under_way_;
  bool is_singly_ = false;
  std::chrono::milliseconds pause_ = kFirstPause;
  std::string cluster_;
  std::string problem_ = "not connected yet";
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  net::Timer turn_, reconnect_, slow_;
};

}  // namespace rota::portal
