#include "sandbox/departing.hpp"

#include <sys/wait.h>

namespace rota::sandbox {

void Departing::add(pid_t init) {
  inits_.push_back(init);
}

void Departing::reap() {
  std::erase_if(inits_, [](pid_t init) { return ::waitpid(init, nullptr, __WALL | WNOHANG) != 0; });
  if (inits_.size() > kMost) await_all();
}

void Departing::await_all() {
  for (const pid_t init : inits_) ::waitpid(init, nullptr, __WALL);
  inits_.clear();
}

}  // namespace rota::sandbox
