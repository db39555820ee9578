#include "bench/support/rate_worker.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <iostream>
#include <stdexcept>

#include "base/check.hpp"

namespace rota::bench {
namespace {

using std::chrono::steady_clock;

double rate_over(const Work& work, std::chrono::milliseconds slice) {
  const auto start = steady_clock::now();
  std::chrono::duration<double> elapsed{};
  int runs = 0;
  do {
    work();
    ++runs;
    elapsed = steady_clock::now() - start;
  } while (elapsed < slice);
  return runs / elapsed.count();
}

// One message for a slice, one for its rate; the first rate only says that we are ready.
void serve(int socket, const std::function<Work()>& prepare) {
  const Work work = prepare();
  double rate = 0;
  std::chrono::milliseconds slice{};
  while (::send(socket, &rate, sizeof rate, MSG_NOSIGNAL) == sizeof rate &&
         ::recv(socket, &slice, sizeof slice, 0) == sizeof slice) {
    rate = rate_over(work, slice);
  }
}

[[noreturn]] void live_as_worker(int socket, const std::function<Work()>& prepare, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  try {
    serve(socket, prepare);
  } catch (const std::exception& error) {
    std::cerr << "worker: " << error.what() << "\n";
    ::_exit(1);
  }
  ::_exit(0);
}

}  // namespace

RateWorker::RateWorker(const std::function<Work()>& prepare) {
  int ends[2];
  check(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), "make sockets for a worker");
  socket_.reset(ends[0]);
  UniqueFd theirs(ends[1]);
  const pid_t parent = ::getpid();
  pid_ = check(::fork(), "fork a worker");
  if (pid_ == 0) live_as_worker(theirs.get(), prepare, parent);
  theirs.reset();  // so that its end is seen here
  runs_per_second();
}

RateWorker::~RateWorker() {
  // Not close: workers that were forked later hold copies of our end.
  ::shutdown(socket_.get(), SHUT_RDWR);
  ::waitpid(pid_, nullptr, 0);
}

void RateWorker::start(std::chrono::milliseconds slice) {
  check(::send(socket_.get(), &slice, sizeof slice, MSG_NOSIGNAL), "start a worker");
}

double RateWorker::runs_per_second() {
  double rate = 0;
  if (::recv(socket_.get(), &rate, sizeof rate, 0) != sizeof rate)
    throw std::runtime_error("a worker failed");
  return rate;
}

}  // namespace rota::bench
