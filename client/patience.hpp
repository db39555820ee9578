#pragma once
// What a client does next about one job whose connections come and go: which portal it tries, after what pause, and
// when it gives up. Sans-IO: told what has happened and when. PatientJob does what it says.
//
// Portals are tried in turn, each once in a round; only between rounds is there a pause. Pauses grow and are drawn at
// random ("full jitter"), so that the clients of a portal that comes back do not all come at once.

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>

namespace rota::client {

struct PatienceRules {
  std::size_t portals = 1;
  // Before a portal has accepted the job: how long in a row none may be reached.
  std::chrono::milliseconds unreachable_bound{5000};
  // How long in a row the job may be in nobody's hands, for whatever reason; 0: no second try. Absent: a job that was
  // never accepted has the bound above where no portal is reached, and none where they are full; an accepted one none.
  std::optional<std::chrono::milliseconds> bound;
};

class Patience {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Random = std::function<double()>;  // from 0 to 1

  static constexpr std::chrono::milliseconds kFirstPause{100};  // the longest pause after the first round
  static constexpr std::chrono::milliseconds kLongestPause{10'000};
  static constexpr std::chrono::milliseconds kDefaultRetryAfter{500};  // where `busy` does not say
  static constexpr std::chrono::milliseconds kLongestBusyPause{30'000};
  // A connection that stood for so long ends what was wrong before it.
  static constexpr std::chrono::seconds kSettled{10};

  enum class Request { submit, wait, cancel };

  Patience(PatienceRules rules, Request first, Random random);

  // What to say on the next connection, and to which of the portals.
  Request request() const { return request_; }
  std::size_t portal() const { return portal_; }

  // A portal has the job in its store: from here on it is waited for, and never submitted again.
  void accepted();
  // The job is not wanted any more.
  void cancel() { request_ = Request::cancel; }

  void connected(Time now) { connected_since_ = now; }

  // The connection has ended, or could not be made; the portal is full. The pause before the next portal is tried;
  // nullopt: give up.
  std::optional<std::chrono::milliseconds> lost(Time now);
  std::optional<std::chrono::milliseconds> busy(std::chrono::milliseconds retry_after, Time now);

 private:
  bool next_portal();
  void begin_trouble(Time now);
  std::optional<Time> bound_end(bool reachable) const;
  std::optional<std::chrono::milliseconds> within(std::optional<Time> end, Time now,
                                                  std::chrono::milliseconds pause);
  std::chrono::milliseconds up_to(std::chrono::milliseconds longest) const;
  std::chrono::milliseconds grown(std::chrono::milliseconds first, std::chrono::milliseconds longest) const;

  PatienceRules rules_;
  Request request_;
  Random random_;
  std::size_t portal_ = 0;
  std::size_t tried_ = 0;  // of this round
  unsigned rounds_ = 0;    // since all was well
  std::optional<Time> connected_since_;
  std::optional<Time> unreachable_since_;
  std::optional<Time> unserved_since_;
};

}  // namespace rota::client
