#pragma once
// A process that does one thing over and over for a slice of time and says how often it could: workers that
// share no memory, so that none waits for another's address space.

#include <sys/types.h>

#include <chrono>
#include <functional>

#include "base/unique_fd.hpp"

namespace rota::bench {

using Work = std::function<void()>;

class RateWorker {
 public:
  // prepare runs in the new process and gives what to repeat. Waits until it has. Throws where it fails.
  explicit RateWorker(const std::function<Work()>& prepare);
  ~RateWorker();
  RateWorker(const RateWorker&) = delete;
  RateWorker& operator=(const RateWorker&) = delete;

  void start(std::chrono::milliseconds slice);
  double runs_per_second();  // of the slice that was started; waits for its end

 private:
  UniqueFd socket_;
  pid_t pid_ = -1;
};

}  // namespace rota::bench
