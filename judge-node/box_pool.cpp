#include "judge-node/box_pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace rota::node {

BoxPool::BoxPool(net::Loop& loop, BoxProgram program, unsigned slots, BoxPoolEvents events)
    : loop_(loop), program_(std::move(program)), events_(std::move(events)), stop_deadline_(loop) {
  for (unsigned i = 0; i < slots; ++i) slots_.push_back(std::make_unique<Slot>(loop));
}

void BoxPool::start() {
  for (unsigned number = 0; number < slots(); ++number) start_box(number);
}

Box* BoxPool::idle() {
  if (stopping_) return nullptr;
  for (const auto& slot : slots_) {
    if (slot->box && slot->box->is_idle()) return slot->box.get();
  }
  return nullptr;
}

bool BoxPool::all_started() const {
  return std::all_of(slots_.begin(), slots_.end(), [](const auto& slot) { return slot->started; });
}

void BoxPool::stop(std::function<void()> on_stopped) {
  if (stopping_) return;
  stopping_ = true;
  on_stopped_ = std::move(on_stopped);
  for (const auto& slot : slots_) {
    slot->pause.stop();
    if (!slot->box) continue;
    ++still_running_;
    slot->box->stop([this] { box_stopped(); });
  }
  const auto timeout = still_running_ == 0 ? std::chrono::milliseconds(0) : kStopTimeout;
  stop_deadline_.once(timeout, [this] { finish_stop(); });
}

void BoxPool::start_box(unsigned number) {
  if (stopping_) return;
  Slot& slot = *slots_[number];
  slot.box.reset();
  try {
    slot.box = std::make_unique<Box>(
        loop_, program_.path, flags_of(number),
        BoxEvents{.on_ready = [this, number](const auto& layers) { box_ready(number, layers); },
                  .on_lost = [this, number](const auto& reason,
                                            bool refused) { box_lost(number, reason, refused); }});
  } catch (const std::exception& problem) {
    box_lost(number, problem.what(), false);
  }
}

std::vector<std::string> BoxPool::flags_of(unsigned number) const {
  std::vector<std::string> flags = program_.flags;
  flags.insert(flags.end(), {"--core", std::to_string(number)});
  return flags;
}

void BoxPool::box_ready(unsigned number, const std::vector<sandbox::Layer>& layers) {
  Slot& slot = *slots_[number];
  slot.started = true;
  events_.on_started(number, slot.box->pid(), layers);
  events_.on_idle();
}

void BoxPool::box_lost(unsigned number, const std::string& reason, bool refused) {
  Slot& slot = *slots_[number];
  events_.on_lost(number, reason);
  if (!slot.started) return events_.on_fatal(reason);
  // A box that took runs was lost to an accident, or to judged code: that must not add up to the node's end.
  const bool was_used = slot.box && slot.box->was_used() && !refused;
  slot.failures = was_used ? 0 : slot.failures + 1;
  if (slot.failures >= kMaxFailures) {
    return events_.on_fatal(
        fmt::format("{} boxes in a row failed, the last because {}", slot.failures, reason));
  }
  replace(number);
}

void BoxPool::replace(unsigned number) {
  Slot& slot = *slots_[number];
  const auto pause =
      slot.failures == 0 ? std::chrono::milliseconds(0) : kFirstPause * (1 << (slot.failures - 1));
  // Through the timer also where there is no pause: the lost box is still on the stack.
  slot.pause.once(pause, [this, number] { start_box(number); });
}

void BoxPool::box_stopped() {
  if (--still_running_ == 0) stop_deadline_.once(std::chrono::milliseconds(0), [this] { finish_stop(); });
}

// Boxes that have not ended in time are killed with their owner; they stay until then: jobs point to them.
void BoxPool::finish_stop() {
  if (const auto on_stopped = std::exchange(on_stopped_, nullptr)) on_stopped();
}

}  // namespace rota::node
