#pragma once
// A node that runs nothing: it joins a portal and answers each job at once as accepted. It costs as little as it can, so
// that what is measured is the portal.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/connector.hpp"

namespace rota::bench {

class EchoNode {
 public:
  // drains: it takes no jobs before take_jobs().
  EchoNode(net::Loop& loop, std::string name, std::uint32_t slots, bool drains = false);

  // on_ready: the portal has greeted it and knows what it holds (nothing).
  void join(const std::string& host, int port, std::function<void()> on_ready);

  void take_jobs();

  std::uint64_t jobs() const { return jobs_; }  // that it has been given

 private:
  void received(std::string_view json);
  void answer(std::string_view submit);
  std::string hello() const;

  std::string name_;
  std::uint32_t slots_;
  bool drains_;
  std::string session_;
  net::Connector connector_;
  std::unique_ptr<net::PacketStream> stream_;
  std::function<void()> on_ready_;
  std::uint64_t jobs_ = 0;
};

}  // namespace rota::bench
