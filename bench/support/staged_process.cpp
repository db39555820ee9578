#include "bench/support/staged_process.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <exception>
#include <iostream>
#include <stdexcept>

#include "base/check.hpp"

namespace rota::bench {
namespace {

[[noreturn]] void live(const std::function<void(Stages&)>& body, Stages& stages, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  try {
    body(stages);
  } catch (const std::exception& error) {
    std::cerr << "simulation: " << error.what() << "\n";
    ::_exit(1);
  }
  ::_exit(0);
}

}  // namespace

void Stages::tell(int number) {
  check(::send(socket_.get(), &number, sizeof number, MSG_NOSIGNAL), "tell the next stage");
}

int Stages::wait() {
  int number = 0;
  if (check(::recv(socket_.get(), &number, sizeof number, 0), "wait for the next stage") != sizeof number)
    throw std::runtime_error("the other process has gone");
  return number;
}

StagedProcess::StagedProcess(const std::function<void(Stages&)>& body) {
  int ends[2];
  check(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), "make sockets for a process");
  stages_ = std::make_unique<Stages>(UniqueFd(ends[0]));
  Stages theirs{UniqueFd(ends[1])};
  const pid_t parent = ::getpid();
  pid_ = check(::fork(), "fork");
  if (pid_ != 0) return;
  stages_.reset();
  live(body, theirs, parent);
}

StagedProcess::~StagedProcess() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

}  // namespace rota::bench
