#pragma once
// A part of a simulation in a process of its own, which goes from stage to stage together with us.

#include <sys/types.h>

#include <functional>
#include <memory>

#include "base/unique_fd.hpp"

namespace rota::bench {

// One end of what both speak over: a number a stage.
class Stages {
 public:
  explicit Stages(UniqueFd socket) : socket_(std::move(socket)) {}
  void tell(int number);
  int wait();  // for what the other side tells; throws std::runtime_error where it has gone

 private:
  UniqueFd socket_;
};

class StagedProcess {
 public:
  // Forks; before there are other threads. The process is killed when this object goes, and with us.
  explicit StagedProcess(const std::function<void(Stages&)>& body);
  ~StagedProcess();
  StagedProcess(const StagedProcess&) = delete;
  StagedProcess& operator=(const StagedProcess&) = delete;

  Stages& stages() { return *stages_; }

 private:
  std::unique_ptr<Stages> stages_;
  pid_t pid_ = -1;
};

}  // namespace rota::bench
