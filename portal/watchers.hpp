#pragma once
// Who waits for which job's answer, and wants its events. Each client gets one answer a job, however often it asked. Until
// it is known that the job is one that the client may know of, it is neither answered nor told of events.

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

  // The store has said that the job is this client's to know of.
  void admit(ClientId client, const std::string& job);

  // The client, which waits for the job, has submitted it: that is answered, whatever else it has asked.
  void note_submitted(ClientId client, const std::string& job);

  bool is_waiting(ClientId client, const std::string& job) const { return find(client, job) != nullptr; }
  bool wants_events(ClientId client, const std::string& job) const;
  bool has_submitted(ClientId client, const std::string& job) const;
  // Of those that are admitted.
  std::vector<ClientId> of(const std::string& job) const;
  std::vector<ClientId> with_events(const std::string& job) const;
  std::size_t jobs_of(ClientId client) const;
  std::size_t jobs() const { return by_job_.size(); }

 private:
  struct Watcher {
    ClientId client;
    bool wants_events = false;
    bool has_submitted = false;
    bool is_admitted = false;
  };
  const Watcher* find(ClientId client, const std::string& job) const;

  std::unordered_map<std::string, std::vector<Watcher>> by_job_;
  std::unordered_map<ClientId, std::unordered_set<std::string>> by_client_;
};

}  // namespace rota::portal
