#include "sandbox/self_test/runner.hpp"

#include <poll.h>

#include <algorithm>

#include "base/check.hpp"

namespace rota::sandbox {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kEndPatience{10'000};

milliseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(Clock::now() - start);
}

}  // namespace

// One box and the trial that goes on in it.
struct Runner::Slot {
  std::optional<BoxChild> box;
  std::optional<Trial> trial;
  const Attack* attack = nullptr;
  Clock::time_point started, deadline;
};

Runner::Runner(RunnerOptions options, int programs, OnVerdict on_verdict)
    : options_(std::move(options)), programs_(programs), on_verdict_(std::move(on_verdict)) {}

Runner::~Runner() = default;

void Runner::run(const std::vector<const Attack*>& attacks) {
  next_ = 0;
  std::vector<std::unique_ptr<Slot>> slots;
  const std::size_t count = std::min<std::size_t>(std::max(options_.boxes, 1U), attacks.size());
  for (std::size_t i = 0; i < count; ++i) slots.push_back(std::make_unique<Slot>());
  for (;;) {
    for (const auto& slot : slots) assign(*slot, attacks);
    const bool busy =
        std::any_of(slots.begin(), slots.end(), [](auto& slot) { return slot->trial.has_value(); });
    if (!busy) break;
    wait_and_hear(slots);
  }
  for (const auto& slot : slots) close_box(*slot);
}

void Runner::assign(Slot& slot, const std::vector<const Attack*>& attacks) {
  while (!slot.trial && next_ < attacks.size()) {
    const Attack& attack = *attacks[next_++];
    if (!start(slot, attack)) continue;
    proceed(slot);
  }
}

// False where this host lacks what the attack needs.
bool Runner::start(Slot& slot, const Attack& attack) {
  if (options_.fresh_boxes) close_box(slot);
  if (!slot.box) {
    slot.box.emplace(options_.program, options_.box_flags);
    boxes_.push_back(slot.box->pid());
  }
  slot.attack = &attack;
  slot.started = Clock::now();
  for (const std::string& layer : attack.needs) {
    const auto reason = slot.box->why_not(layer);
    if (!reason) continue;
    on_verdict_({.attack = &attack, .kind = Verdict::Kind::not_tested, .reason = *reason});
    return false;
  }
  slot.trial.emplace(attack, programs_);
  return true;
}

// The next run of the trial, or its end.
void Runner::proceed(Slot& slot) {
  const auto spec = slot.trial->next();
  if (!spec) return finish(slot);
  slot.deadline = Clock::now() + options_.patience;
  try {
    slot.box->client().run(*spec);
  } catch (const BoxGone& gone) {
    give_up(slot, gone.what());
  }
}

void Runner::hear(Slot& slot) {
  try {
    const auto message = slot.box->client().receive();
    if (!message) return;
    slot.trial->take(std::get<RunReply>(*message));
    proceed(slot);
  } catch (const BoxGone& gone) {
    give_up(slot, gone.what());
  }
}

void Runner::finish(Slot& slot) {
  const Finding& finding = slot.trial->finding();
  const auto kind = finding.problems.empty() ? Verdict::Kind::contained : Verdict::Kind::not_contained;
  on_verdict_({.attack = slot.attack, .kind = kind, .finding = finding, .took = since(slot.started)});
  slot.trial.reset();
}

// The box is lost, and the attack was not contained.
void Runner::give_up(Slot& slot, const std::string& problem) {
  Finding finding = slot.trial->finding();
  finding.problems.push_back(problem);
  if (const auto end = slot.box->close(kEndPatience)) finding.problems.push_back(*end);
  slot.box.reset();
  slot.trial.reset();
  on_verdict_({.attack = slot.attack,
               .kind = Verdict::Kind::not_contained,
               .finding = std::move(finding),
               .took = since(slot.started)});
}

void Runner::wait_and_hear(std::vector<std::unique_ptr<Slot>>& slots) {
  std::vector<pollfd> all;
  auto deadline = Clock::time_point::max();
  for (const auto& slot : slots) {
    all.push_back({slot->trial ? slot->box->client().fd() : -1, POLLIN, 0});
    if (slot->trial) deadline = std::min(deadline, slot->deadline);
  }
  const auto patience = std::chrono::ceil<milliseconds>(deadline - Clock::now());
  const int timeout = static_cast<int>(std::max<milliseconds::rep>(patience.count(), 0));
  if (::poll(all.data(), all.size(), timeout) < 0 && errno != EINTR) check(-1, "wait for boxes");
  for (std::size_t i = 0; i < slots.size(); ++i) {
    Slot& slot = *slots[i];
    if (all[i].revents != 0) hear(slot);
    if (slot.trial && Clock::now() >= slot.deadline) give_up(slot, "the box does not answer");
  }
}

void Runner::close_box(Slot& slot) {
  if (!slot.box) return;
  if (const auto end = slot.box->close(kEndPatience)) complaints_.push_back(*end);
  slot.box.reset();
}

}  // namespace rota::sandbox
