#include "client/patience.hpp"

#include <algorithm>
#include <utility>

namespace rota::client {

using std::chrono::milliseconds;

Patience::Patience(PatienceRules rules, Request first, Random random)
    : rules_(rules), request_(first), random_(std::move(random)) {}

void Patience::accepted() {
  if (request_ == Request::submit) request_ = Request::wait;
  rounds_ = 0;
  unreachable_since_.reset();
  unserved_since_.reset();
}

std::optional<milliseconds> Patience::lost(Time now) {
  begin_trouble(now);
  if (!unreachable_since_) unreachable_since_ = now;
  if (next_portal()) return milliseconds(0);
  return within(bound_end(false), now, up_to(grown(kFirstPause, kLongestPause)));
}

// At least half of what the portal asks for, so that its word counts for something.
std::optional<milliseconds> Patience::busy(milliseconds retry_after, Time now) {
  begin_trouble(now);
  unreachable_since_.reset();
  if (next_portal()) return milliseconds(0);
  const auto asked = retry_after.count() > 0 ? retry_after : kDefaultRetryAfter;
  const auto pause = asked / 2 + up_to(grown(asked, std::max(asked, kLongestBusyPause)));
  return within(bound_end(true), now, pause);
}

// Whether there is one that has not been tried in this round.
bool Patience::next_portal() {
  portal_ = (portal_ + 1) % rules_.portals;
  if (++tried_ < rules_.portals) return true;
  tried_ = 0;
  return false;
}

void Patience::begin_trouble(Time now) {
  const auto since = std::exchange(connected_since_, std::nullopt);
  if (since && now - *since >= kSettled) {
    rounds_ = 0;
    unreachable_since_.reset();
    unserved_since_.reset();
  }
  if (!unserved_since_) unserved_since_ = now;
}

std::optional<Patience::Time> Patience::bound_end(bool reachable) const {
  if (rules_.bound) return *unserved_since_ + *rules_.bound;
  if (request_ != Request::submit || reachable) return std::nullopt;
  return *unreachable_since_ + rules_.unreachable_bound;
}

// The last try is made at the bound itself.
std::optional<milliseconds> Patience::within(std::optional<Time> end, Time now, milliseconds pause) {
  if (end && now >= *end) return std::nullopt;
  ++rounds_;
  return end ? std::min(pause, std::chrono::ceil<milliseconds>(*end - now)) : pause;
}

milliseconds Patience::up_to(milliseconds longest) const {
  return milliseconds(static_cast<milliseconds::rep>(random_() * static_cast<double>(longest.count())));
}

milliseconds Patience::grown(milliseconds first, milliseconds longest) const {
  constexpr unsigned kMostDoublings = 20;
  return std::min(first * (1 << std::min(rounds_, kMostDoublings)), longest);
}

}  // namespace rota::client
