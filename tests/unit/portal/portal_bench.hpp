#pragma once
// A dispatcher over an embedded store over a scripted journal, with a clock that a test sets: all of the portal's logic, no
// socket and no waiting. Both can go and come back over the same disk, as after kill -9.

#include <gmock/gmock.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/loop.hpp"
#include "portal/dispatcher.hpp"
#include "portal/embedded_store.hpp"
#include "tests/unit/portal/scripted_journal.hpp"

namespace rota::portal {

// A job id with this number in it.
inline std::string job_id(int number) {
  const std::string digits = std::to_string(number);
  return "01938c6e-5a00-7abc-8def-" + std::string(12 - digits.size(), '0') + digits;
}

inline std::string session_id(int number) {
  const std::string digits = std::to_string(number);
  return "01938c6e-5a00-7abc-8de0-" + std::string(12 - digits.size(), '0') + digits;
}

class PortalBench {
 public:
  explicit PortalBench(std::vector<std::string> node_addresses, DispatcherBounds bounds = {},
                       StoreBounds store_bounds = {})
      : addresses_(std::move(node_addresses)), bounds_(bounds), store_bounds_(store_bounds) {
    store_bounds_.write_retry = std::chrono::milliseconds(0);
    start();
  }

  void start() {
    auto journal = std::make_unique<ScriptedJournal>(disk);
    journal_ = journal.get();
    store_ = std::make_unique<EmbeddedStore>(loop_, std::move(journal), store_bounds_);
    dispatcher_ = std::make_unique<Dispatcher>(
        "portal", 20261123, *store_, [this] { return clock; },
        [this](Action action) { note(std::move(action)); }, bounds_);
    for (const auto& address : addresses_) dispatcher_->add_node(address);
    dispatcher_->start([] {});
  }
  // kill -9: of a write that is under way all or nothing is there.
  void crash(bool is_written = false) {
    journal_->crash(is_written);
    dispatcher_.reset();
    store_.reset();
    journal_ = nullptr;
  }
  void restart(bool is_written = false) {
    crash(is_written);
    start();
    settle();
  }

  // Until the store waits for its journal.
  void turn() { loop_.run(); }
  // Until there is nothing left to do.
  void settle() {
    for (turn(); !journal_->is_idle(); turn()) journal_->step();
  }
  void pass(std::chrono::milliseconds time) {
    clock.utc += time;
    clock.monotonic += time;
  }
  // Time passes, and the portal notices.
  void tick(std::chrono::milliseconds time = std::chrono::milliseconds(0)) {
    pass(time);
    dispatcher_->tick();
    settle();
  }

  Dispatcher* operator->() { return dispatcher_.get(); }
  EmbeddedStore& store() { return *store_; }
  ScriptedJournal& journal() { return *journal_; }

  // What was sent since it was asked last, of this kind.
  template <typename Wanted>
  std::vector<Wanted> to_client(ClientId client) {
    std::vector<Wanted> found;
    take<ToClient>([&](const ToClient& action) {
      const auto* packet = action.client == client ? std::get_if<Wanted>(&action.packet) : nullptr;
      if (packet != nullptr) found.push_back(*packet);
      return packet != nullptr;
    });
    return found;
  }
  template <typename Wanted>
  std::vector<Wanted> to_node(NodeIndex node) {
    std::vector<Wanted> found;
    take<ToNode>([&](const ToNode& action) {
      const auto* packet = action.node == node ? std::get_if<Wanted>(&action.packet) : nullptr;
      if (packet != nullptr) found.push_back(*packet);
      return packet != nullptr;
    });
    return found;
  }
  // Names of the events of this job in the log.
  std::vector<std::string> logged(const std::string& job) const {
    std::vector<std::string> names;
    for (const Action& action : actions) {
      const auto* log = std::get_if<ToLog>(&action);
      if (log != nullptr && log->event.job == job) names.push_back(log->event.name);
    }
    return names;
  }

  Actions actions;
  Instant clock{UtcTime(std::chrono::hours(500'000)), std::chrono::hours(10)};
  std::shared_ptr<JournalDisk> disk = std::make_shared<JournalDisk>();

 private:
  // An answer is a packet to its client as any other.
  void note(Action action) {
    const auto* answer = std::get_if<AnswerToClient>(&action);
    if (answer == nullptr) return actions.push_back(std::move(action));
    actions.push_back(ToClient{answer->client, *answer->packet});
  }
  // Takes those out of which `wants` says so.
  template <typename Kind, typename Wants>
  void take(Wants&& wants) {
    std::erase_if(actions, [&](const Action& action) {
      const auto* one = std::get_if<Kind>(&action);
      return one != nullptr && wants(*one);
    });
  }

  std::vector<std::string> addresses_;
  DispatcherBounds bounds_;
  StoreBounds store_bounds_;
  net::Loop loop_;
  ScriptedJournal* journal_ = nullptr;  // the store's
  std::unique_ptr<EmbeddedStore> store_;
  std::unique_ptr<Dispatcher> dispatcher_;
};

}  // namespace rota::portal
