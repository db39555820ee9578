#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "net/loop.hpp"
#include "net/timer.hpp"

namespace rota::net {

// Calls back in the loop's next turn, in order: for who has promised not to call from within. Calls nobody once it has gone.
class NextTurn {
 public:
  explicit NextTurn(Loop& loop) : loop_(loop), turn_(loop) {}
  ~NextTurn() { *alive_ = false; }
  NextTurn(const NextTurn&) = delete;
  NextTurn& operator=(const NextTurn&) = delete;

  void call(std::function<void()> callback);

 private:
  void call_all();

  Loop& loop_;
  std::vector<std::function<void()>> callbacks_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  Timer turn_;
};

}  // namespace rota::net
