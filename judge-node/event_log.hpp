#pragma once
// This node's event log: one JSON line per event, and a call to whoever follows it. What one turn of the loop brings of jobs is
// written at its end, at once, and before any packet that the turn sends: whoever has a result finds the job's lines in the log.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "base/line_log.hpp"
#include "net/loop.hpp"
#include "protocol/event.hpp"

namespace rota::node {

class EventLog {
 public:
  // host names this node in its own events. Throws std::system_error where the file cannot be opened.
  EventLog(net::Loop& loop, std::filesystem::path file, std::string host);

  // A disk that refuses does not stop the node's work: it is said on stderr, once until it works again.
  void append(const protocol::Event& event);

  // An event of the node itself, now, that belongs to no job. Written when this returns.
  void note(const std::string& name, std::map<std::string, protocol::FieldValue> fields = {});

  // Called when lines have been written, until the subscription goes. It must not subscribe or unsubscribe from within.
  class Subscription;
  [[nodiscard]] Subscription subscribe(std::function<void()> on_written);
  std::size_t subscriptions() const { return subscribers_.size(); }

  const std::filesystem::path& path() const { return log_.path(); }
  const std::string& host() const { return host_; }

 private:
  void flush();
  template <typename Work>
  void keep(Work&& work);

  net::Loop& loop_;
  LineLog log_;
  std::string host_;
  std::map<std::uint64_t, std::function<void()>> subscribers_;
  std::uint64_t next_subscriber_ = 0;
  bool failing_ = false;
};

// Ends with its owner; the log outlives it.
class EventLog::Subscription {
 public:
  Subscription(EventLog& log, std::uint64_t number) : log_(&log), number_(number) {}
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;
  ~Subscription() { log_->subscribers_.erase(number_); }

 private:
  EventLog* log_;
  std::uint64_t number_;
};

}  // namespace rota::node
