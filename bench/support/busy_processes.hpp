#pragma once
// A loaded machine: processes that do nothing but use the CPU, at normal priority, until their owner goes.

#include <sys/types.h>

#include <vector>

namespace rota::bench {

class BusyProcesses {
 public:
  explicit BusyProcesses(unsigned count);
  ~BusyProcesses();
  BusyProcesses(const BusyProcesses&) = delete;
  BusyProcesses& operator=(const BusyProcesses&) = delete;

 private:
  std::vector<pid_t> pids_;
};

}  // namespace rota::bench
