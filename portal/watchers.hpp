#pragma once
// Who waits for which job's answer, and wants its events. Each client gets one answer a job, however often it asked.

#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "portal/actions.hpp"

namespace rota::portal {

class Watchers {
 public:
  // True: it did not wait for the job yet. Who asks for events once gets them.
  bool add(ClientId client, const std::string& job, bool wants_events);
  // True: it did wait.
  bool remove(ClientId client, const std::string& job);
  void remove(ClientId client);

  std::vector<ClientId> of(const std::string& job) const;
  std::vector<ClientId> with_events(const std::string& job) const;
  std::size_t jobs_of(ClientId client) const;
  std::size_t jobs() const { return by_job_.size(); }

 private:
  struct Watcher {
    ClientId client;
    bool wants_events;
  };
  std::unordered_map<std::string, std::vector<Watcher>> by_job_;
  std::unordered_map<ClientId, std::unordered_set<std::string>> by_client_;
};

}  // namespace rota::portal
