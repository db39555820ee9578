#pragma once
// The boxes of a node, one per slot. A lost box is replaced: at once where it had been given runs, after a
// growing pause where it had not; a slot whose boxes fail again and again before a first run ends the node.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "judge-node/box.hpp"
#include "net/timer.hpp"

namespace rota::node {

struct BoxPoolEvents {
  std::function<void(unsigned slot, int pid, const std::vector<sandbox::Layer>& layers)> on_started;
  std::function<void(unsigned slot, const std::string& reason)> on_lost;
  std::function<void()> on_idle;  // a box can be taken
  // No box can be had; the node must end. Before the first box of every slot was ready, any loss is fatal.
  std::function<void(const std::string& reason)> on_fatal;
};

// How a box is started: `path serve flags… --core SLOT`. With the slot's number, the boxes' own processes stay on as
// many cores as there are.
struct BoxProgram {
  std::filesystem::path path;
  std::vector<std::string> flags;
};

class BoxPool {
 public:
  static constexpr unsigned kMaxFailures = 5;  // in a row, per slot
  static constexpr std::chrono::milliseconds kFirstPause{100};
  static constexpr std::chrono::seconds kStopTimeout{5};

  BoxPool(net::Loop& loop, BoxProgram program, unsigned slots, BoxPoolEvents events);

  void start();

  // An idle box, or null. It stays idle, and may be taken again, until run() is called on it.
  Box* idle();

  // Whether the first box of every slot has been ready.
  bool all_started() const;

  unsigned slots() const { return static_cast<unsigned>(slots_.size()); }

  // Ends every box and calls back, later, once all processes have gone; those that do not go in time are
  // killed with the pool. Counts once.
  void stop(std::function<void()> on_stopped);

 private:
  struct Slot {
    explicit Slot(net::Loop& loop) : pause(loop) {}
    std::unique_ptr<Box> box;
    net::Timer pause;
    unsigned failures = 0;  // in a row
    bool started = false;   // a box of this slot has been ready
  };

  void start_box(unsigned number);
  std::vector<std::string> flags_of(unsigned number) const;
  void box_ready(unsigned number, const std::vector<sandbox::Layer>& layers);
  void box_lost(unsigned number, const std::string& reason, bool refused);
  void replace(unsigned number);
  void box_stopped();
  void finish_stop();

  net::Loop& loop_;
  BoxProgram program_;
  BoxPoolEvents events_;
  std::vector<std::unique_ptr<Slot>> slots_;
  net::Timer stop_deadline_;
  std::function<void()> on_stopped_;
  unsigned still_running_ = 0;
  bool stopping_ = false;
};

}  // namespace rota::node
