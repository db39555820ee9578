#include "portal/watchers.hpp"

#include <algorithm>

namespace rota::portal {

bool Watchers::add(ClientId client, const std::string& job, bool wants_events) {
  auto& watchers = by_job_[job];
  const auto found = std::find_if(watchers.begin(), watchers.end(),
                                  [&](const Watcher& watcher) { return watcher.client == client; });
  if (found != watchers.end()) {
    found->wants_events |= wants_events;
    return false;
  }
  watchers.push_back({client, wants_events});
  by_client_[client].insert(job);
  return true;
}

const Watchers::Watcher* Watchers::find(ClientId client, const std::string& job) const {
  const auto watchers = by_job_.find(job);
  if (watchers == by_job_.end()) return nullptr;
  const auto found = std::find_if(watchers->second.begin(), watchers->second.end(),
                                  [&](const Watcher& watcher) { return watcher.client == client; });
  return found == watchers->second.end() ? nullptr : &*found;
}

void Watchers::admit(ClientId client, const std::string& job) {
  const auto found = by_job_.find(job);
  if (found == by_job_.end()) return;
  for (Watcher& watcher : found->second) watcher.is_admitted |= watcher.client == client;
}

void Watchers::note_submitted(ClientId client, const std::string& job) {
  for (Watcher& watcher : by_job_.at(job)) watcher.has_submitted |= watcher.client == client;
}

bool Watchers::wants_events(ClientId client, const std::string& job) const {
  const Watcher* watcher = find(client, job);
  return watcher != nullptr && watcher->wants_events;
}

bool Watchers::has_submitted(ClientId client, const std::string& job) const {
  const Watcher* watcher = find(client, job);
  return watcher != nullptr && watcher->has_submitted;
}

bool Watchers::remove(ClientId client, const std::string& job) {
  const auto found = by_job_.find(job);
  if (found == by_job_.end()) return false;
  const bool removed =
      std::erase_if(found->second, [&](const Watcher& watcher) { return watcher.client == client; }) > 0;
  if (found->second.empty()) by_job_.erase(found);
  if (!removed) return false;
  const auto of_client = by_client_.find(client);
  of_client->second.erase(job);
  if (of_client->second.empty()) by_client_.erase(of_client);
  return true;
}

void Watchers::remove(ClientId client) {
  const auto found = by_client_.find(client);
  if (found == by_client_.end()) return;
  const auto jobs = found->second;
  for (const auto& job : jobs) remove(client, job);
}

std::vector<ClientId> Watchers::of(const std::string& job) const {
  std::vector<ClientId> clients;
  const auto found = by_job_.find(job);
  if (found == by_job_.end()) return clients;
  for (const Watcher& watcher : found->second) {
    if (watcher.is_admitted) clients.push_back(watcher.client);
  }
  return clients;
}

std::vector<ClientId> Watchers::with_events(const std::string& job) const {
  std::vector<ClientId> clients;
  const auto found = by_job_.find(job);
  if (found == by_job_.end()) return clients;
  for (const Watcher& watcher : found->second) {
    if (watcher.is_admitted && watcher.wants_events) clients.push_back(watcher.client);
  }
  return clients;
}

std::size_t Watchers::jobs_of(ClientId client) const {
  const auto found = by_client_.find(client);
  return found == by_client_.end() ? 0 : found->second.size();
}

}  // namespace rota::portal
