#pragma once
// Runs attacks in real boxes, one or several at once, and hears what came of each. One thread, one poll(2).

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sandbox/self_test/attack.hpp"
#include "sandbox/self_test/box_child.hpp"
#include "sandbox/self_test/trial.hpp"

namespace rota::sandbox {

struct RunnerOptions {
  std::string program = "/proc/self/exe";  // the rota-box that serves
  std::vector<std::string> box_flags;
  unsigned boxes = 1;                          // at once
  bool fresh_boxes = false;                    // a new box for each attack; otherwise one box takes many
  std::chrono::milliseconds patience{60'000};  // with one run of a trial, from outside
};

struct Verdict {
  enum class Kind { contained, not_contained, not_tested };
  const Attack* attack = nullptr;
  Kind kind = Kind::not_tested;
  std::string reason;  // of not_tested: the layer that this host lacks
  Finding finding;
  std::chrono::milliseconds took{};
};

class Runner {
 public:
  using OnVerdict = std::function<void(const Verdict&)>;

  // programs: the multi-call program (borrowed).
  Runner(RunnerOptions options, int programs, OnVerdict on_verdict);
  ~Runner();

  // In the given order; returns when the last verdict is told and all boxes are closed. Throws what the start
  // of a box throws.
  void run(const std::vector<const Attack*>& attacks);

  // Of every box that was started. To be asked after run().
  const std::vector<pid_t>& boxes() const { return boxes_; }
  // What boxes did wrong beside an attack, as at their end.
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  struct Slot;

  void assign(Slot& slot, const std::vector<const Attack*>& attacks);
  bool start(Slot& slot, const Attack& attack);
  void proceed(Slot& slot);
  void hear(Slot& slot);
  void finish(Slot& slot);
  void give_up(Slot& slot, const std::string& problem);
  void wait_and_hear(std::vector<std::unique_ptr<Slot>>& slots);
  void close_box(Slot& slot);

  RunnerOptions options_;
  int programs_;
  OnVerdict on_verdict_;
  std::size_t next_ = 0;  // of the attacks
  std::vector<pid_t> boxes_;
  std::vector<std::string> complaints_;
};

}  // namespace rota::sandbox
