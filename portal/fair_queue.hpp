#pragma once
// The order in which queued jobs are begun. Sans-IO.
//
// Between users: who has the fewest running jobs goes first; of equals, who was served longest ago. Within a user: the
// highest priority first, then the order of arrival. Jobs with the same need and labels wait in one lane, so that a lane
// that no node can serve now costs one look, not one look a job.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace rota::portal {

class FairQueue {
 public:
  struct Item {
    std::string job;
    std::string user;
    std::string lane;  // what the node must have, as text; equal for equal wishes
    std::uint32_t priority = 0;
    std::uint64_t order = 0;  // smaller goes first within a priority; unique
  };

  void push(const Item& item);
  // The item must be in the queue.
  void erase(const Item& item);

  // The next job whose lane can be served now; it stays in the queue. can_serve is asked of one job of a lane, for all.
  using CanServe = std::function<bool(const std::string& job)>;
  std::optional<std::string> next(const CanServe& can_serve);

  // A job of the user has begun, or has ended.
  void began(const std::string& user);
  void ended(const std::string& user);

  std::size_t size() const { return size_; }
  std::size_t lanes() const { return lanes_.size(); }  // each costs a look for each job that is begun
  bool has_lane(const std::string& lane) const { return lanes_.contains(lane); }
  std::size_t size_of(const std::string& user) const;

  // Jobs that will probably be begun before a new one of this user: its own, and of each other user as many, and one.
  // With more users than kMaxUsersCounted: all jobs.
  static constexpr std::size_t kMaxUsersCounted = 1000;
  std::uint64_t ahead_of(const std::string& user) const;

 private:
  // Highest priority first, then order.
  struct Place {
    std::uint32_t priority;
    std::uint64_t order;
    bool operator<(const Place& other) const {
      return priority != other.priority ? priority > other.priority : order < other.order;
    }
  };
  struct User {
    std::uint64_t running = 0;
    std::uint64_t served = 0;  // when it was served last, as a count of services
    std::size_t queued = 0;
    // Of each lane in which the user has jobs.
    std::map<std::string, std::map<Place, std::string>> lanes;
  };
  // Order in which users come in a lane.
  struct Turn {
    std::uint64_t running, served;
    std::string user;
    auto operator<=>(const Turn&) const = default;
  };

  static Turn turn_of(const std::string& name, const User& user) { return {user.running, user.served, name}; }
  template <typename Change>
  void change(const std::string& name, Change&& change);
  void forget_if_idle(const std::string& name);

  std::unordered_map<std::string, User> users_;
  std::map<std::string, std::set<Turn>> lanes_;  // who has jobs in it
  std::uint64_t services_ = 0;
  std::size_t size_ = 0;
};

}  // namespace rota::portal
