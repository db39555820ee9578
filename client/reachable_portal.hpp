#pragma once
// A session with the first of several portals that can be reached, for a request that is made once.

#include <functional>
#include <memory>
#include <vector>

#include "client/session.hpp"
#include "net/loop.hpp"

namespace rota::client {

class ReachablePortal {
 public:
  // portals: at least one. Calls back once: with a session that stands (and ends with this object), or with what was
  // wrong with the last of them.
  ReachablePortal(net::Loop& loop, std::vector<net::Address> portals, SessionOptions options,
                  std::function<void(Session&)> on_open, std::function<void(const Failure&)> on_failure);

 private:
  void try_next();
  void tried(const std::optional<Failure>& failure);

  net::Loop& loop_;
  std::vector<net::Address> portals_;
  SessionOptions options_;
  std::function<void(Session&)> on_open_;
  std::function<void(const Failure&)> on_failure_;
  std::size_t next_ = 0;
  std::unique_ptr<Session> session_;
};

}  // namespace rota::client
