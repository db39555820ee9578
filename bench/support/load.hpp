#pragma once
// Clients that keep a portal busy: several connections of one process, jobs that do nothing, and how long each took from
// when it was due to its answer.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bench/support/report.hpp"
#include "net/connector.hpp"
#include "net/timer.hpp"

namespace rota::bench {

struct LoadTarget {
  std::string host;
  int port = 0;
  unsigned connections = 8;
  bool acknowledge = false;  // of each job: `accepted` once it cannot be lost, and then its result
  std::string source;        // of each job; without characters that JSON escapes
};

struct LoadFigures {
  double per_second = 0;      // answers
  Samples latencies_us;       // of those jobs, from when each was due
  std::uint64_t refused = 0;  // answers that were errors: the portal had as many jobs as it takes
};

class Load {
 public:
  using Done = std::function<void(LoadFigures)>;

  // on_ready: all of them are connected.
  Load(net::Loop& loop, LoadTarget target, std::function<void()> on_ready);

  // Closed loop: so many jobs at a time, each answer followed by the next job. The rate is of the time after warm_up.
  void saturate(unsigned in_flight, std::chrono::milliseconds warm_up, std::chrono::milliseconds time,
                Done done);

  // Open loop: so many jobs a second, however long the answers take. A job counts from when it was due, not from when the
  // generator came to send it.
  void pace(double per_second, std::chrono::milliseconds time, Done done);

  // Sends so many acknowledged jobs over all connections; done once the portal has them all. Their answers may come later.
  void queue(std::uint64_t jobs, std::function<void()> done);
  // Until every job is answered.
  void drain(std::function<void()> done);

  std::uint64_t answers() const { return answers_; }  // until now

 private:
  using Clock = std::chrono::steady_clock;
  struct Phase {
    Clock::time_point begin, end;  // of what counts
    unsigned in_flight = 0;        // 0: open loop
    double per_second = 0;
    std::uint64_t due = 0;  // jobs until now; open loop
    LoadFigures figures;
    std::uint64_t answers = 0;
    Done done;
  };

  void connect_next();
  void begin(Phase phase);
  void send_due();
  void send(std::size_t connection, Clock::time_point due);
  void received(std::size_t connection, std::string_view json);
  void answered(std::size_t connection, std::uint64_t number);
  void finish_if_idle();

  net::Loop& loop_;
  LoadTarget target_;
  std::function<void()> on_ready_;
  std::vector<std::unique_ptr<net::Connector>> connectors_;  // used in turns
  unsigned connecting_ = 0;                                  // until now
  std::vector<std::unique_ptr<net::PacketStream>> streams_;
  net::Timer pace_;
  net::Timer end_;
  std::unordered_map<std::uint64_t, Clock::time_point> due_;  // unanswered jobs
  std::uint64_t next_number_ = 0;
  std::uint64_t answers_ = 0;
  std::uint64_t awaited_accepts_ = 0;
  std::function<void()> on_accepted_, on_drained_;
  Phase phase_;
};

}  // namespace rota::bench
