#include "portal/fair_queue.hpp"

#include <algorithm>

namespace rota::portal {

void FairQueue::push(const Item& item) {
  User& user = users_[item.user];
  auto& places = user.lanes[item.lane];
  if (places.empty()) lanes_[item.lane].insert(turn_of(item.user, user));
  places.emplace(Place{item.priority, item.order}, item.job);
  ++user.queued;
  ++size_;
}

void FairQueue::erase(const Item& item) {
  User& user = users_.at(item.user);
  auto& places = user.lanes.at(item.lane);
  places.erase({item.priority, item.order});
  --user.queued;
  --size_;
  if (places.empty()) {
    auto& turns = lanes_.at(item.lane);
    turns.erase(turn_of(item.user, user));
    if (turns.empty()) lanes_.erase(item.lane);
    user.lanes.erase(item.lane);
  }
  forget_if_idle(item.user);
}

std::optional<std::string> FairQueue::next(const CanServe& can_serve) {
  std::optional<std::pair<Turn, Place>> best;
  const std::string* job = nullptr;
  for (const auto& [lane, turns] : lanes_) {
    const auto& [place, first] = *users_.at(turns.begin()->user).lanes.at(lane).begin();
    const std::pair candidate(*turns.begin(), place);
    if ((best && !(candidate < *best)) || !can_serve(first)) continue;
    best = candidate;
    job = &first;
  }
  return job == nullptr ? std::nullopt : std::optional(*job);
}

// Its turns move with it.
template <typename Change>
void FairQueue::change(const std::string& name, Change&& change) {
  User& user = users_[name];
  const Turn before = turn_of(name, user);
  change(user);
  for (const auto& [lane, places] : user.lanes) {
    auto node = lanes_.at(lane).extract(before);
    node.value() = turn_of(name, user);
    lanes_.at(lane).insert(std::move(node));
  }
}

void FairQueue::began(const std::string& user) {
  change(user, [this](User& changed) {
    ++changed.running;
    changed.served = ++services_;
  });
}

void FairQueue::ended(const std::string& user) {
  change(user, [](User& changed) { --changed.running; });
  forget_if_idle(user);
}

void FairQueue::forget_if_idle(const std::string& name) {
  const auto found = users_.find(name);
  if (found->second.queued == 0 && found->second.running == 0) users_.erase(found);
}

std::size_t FairQueue::size_of(const std::string& user) const {
  const auto found = users_.find(user);
  return found == users_.end() ? 0 : found->second.queued;
}

std::uint64_t FairQueue::ahead_of(const std::string& user) const {
  if (users_.size() > kMaxUsersCounted) return size_;
  const std::uint64_t own = size_of(user);
  std::uint64_t ahead = own;
  for (const auto& [name, other] : users_) {
    if (name != user) ahead += std::min<std::uint64_t>(other.queued, own + 1);
  }
  return ahead;
}

}  // namespace rota::portal
