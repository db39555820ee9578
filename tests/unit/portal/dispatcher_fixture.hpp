#pragma once
// A portal (portal_bench.hpp) with peers that a test speaks for.

#include "tests/unit/portal/portal_bench.hpp"

namespace rota::portal {

inline const Peer kAnna{.client = 1, .user = "anna", .is_admin = false};
inline const Peer kAnnaAgain{.client = 2, .user = "anna", .is_admin = false};
inline const Peer kBert{.client = 3, .user = "bert", .is_admin = false};
inline const Peer kAdmin{.client = 4, .user = "root", .is_admin = true};

class DispatcherTest : public ::testing::Test {
 protected:
  explicit DispatcherTest(std::vector<std::string> addresses = {"a:1", "b:1"}, DispatcherBounds bounds = {},
                          StoreBounds store_bounds = {})
      : portal(std::move(addresses), bounds, store_bounds) {
    portal.settle();
  }

  static protocol::Submit job(int number, const std::string& file_name = "a.c") {
    protocol::Submit submit;
    submit.job = job_id(number);
    submit.file_name = file_name;
    submit.source = "int main(){}";
    submit.acknowledge = true;
    return submit;
  }
  void submit(const Peer& peer, protocol::Submit submission) {
    portal->submit(peer, std::move(submission));
    portal.settle();
  }
  void submit(const Peer& peer, int number) { submit(peer, job(number)); }
  void wait(const Peer& peer, int number, bool live_events = false) {
    portal->wait(peer, {.job = job_id(number), .live_events = live_events});
    portal.settle();
  }
  void cancel(const Peer& peer, int number) {
    portal->cancel(peer, {.job = job_id(number)});
    portal.settle();
  }

  static protocol::Hello hello(NodeIndex node, int life = 1, std::uint32_t slots = 2) {
    protocol::Hello hello;
    hello.name = "node-" + std::to_string(node + 1);
    hello.slots = slots;
    hello.session = session_id(static_cast<int>(node) * 100 + life);
    return hello;
  }
  static protocol::Hello hello_of_version_1(NodeIndex node) {
    protocol::Hello of_old = hello(node);
    of_old.max_version = 1;
    of_old.session.clear();
    return of_old;
  }
  // A node comes, with these jobs in hand.
  void node_up(NodeIndex node, const protocol::Hello& greeting, std::vector<protocol::HeldJob> held = {}) {
    portal->node_up(node, greeting);
    if (!greeting.session.empty()) portal->holdings(node, {std::move(held)});
    portal.settle();
  }
  void node_up(NodeIndex node) { node_up(node, hello(node)); }
  void node_down(NodeIndex node) {
    portal->node_down(node, "connection lost");
    portal.settle();
  }
  static protocol::Result result_of(int number, std::uint32_t attempt = 1,
                                    protocol::Verdict verdict = protocol::Verdict::AC) {
    protocol::Result result;
    result.job = job_id(number);
    result.verdict = verdict;
    result.attempt = attempt;
    if (verdict == protocol::Verdict::IE) result.message = "the box is broken";
    return result;
  }
  void result(NodeIndex node, int number, std::uint32_t attempt = 1,
              protocol::Verdict verdict = protocol::Verdict::AC) {
    portal->result(node, result_of(number, attempt, verdict));
    portal.settle();
  }
  // Where it is quarantined, it is let out of that.
  void pass_self_test(NodeIndex node) {
    portal.tick(std::chrono::minutes(2));
    portal->self_tested(node, "");
    portal.settle();
  }
  void refuse(NodeIndex node, int number, protocol::ErrorCode code) {
    portal->refused(node, {.code = code, .job = job_id(number), .message = "no"});
    portal.settle();
  }

  // "1.1" for job 1, attempt 1: what the node was sent since this was asked last.
  std::vector<std::string> sent_to(NodeIndex node) {
    std::vector<std::string> jobs;
    for (const auto& submit : portal.to_node<protocol::Submit>(node)) jobs.push_back(named(submit));
    return jobs;
  }
  std::vector<std::string> stored_at(NodeIndex node) {
    std::vector<std::string> jobs;
    for (const auto& stored : portal.to_node<protocol::Stored>(node)) jobs.push_back(named(stored));
    return jobs;
  }
  std::vector<std::string> cancelled_at(NodeIndex node) {
    std::vector<std::string> jobs;
    for (const auto& cancel : portal.to_node<protocol::Cancel>(node)) jobs.push_back(named(cancel));
    return jobs;
  }
  // "1 AC": the results that a client got since this was asked last.
  std::vector<std::string> results_of(const Peer& peer) {
    std::vector<std::string> results;
    for (const auto& result : portal.to_client<protocol::Result>(peer.client))
      results.push_back(number_of(result.job) + " " + std::string(protocol::to_text(result.verdict)));
    return results;
  }
  std::vector<std::string> errors_of(const Peer& peer) {
    std::vector<std::string> errors;
    for (const auto& error : portal.to_client<protocol::Error>(peer.client))
      errors.push_back(number_of(error.job) + " " + std::string(protocol::to_text(error.code)));
    return errors;
  }
  std::vector<std::string> accepted_of(const Peer& peer) {
    std::vector<std::string> jobs;
    for (const auto& accepted : portal.to_client<protocol::Accepted>(peer.client))
      jobs.push_back(number_of(accepted.job));
    return jobs;
  }
  std::vector<std::string> events_of(const Peer& peer) {
    std::vector<std::string> names;
    for (const auto& live : portal.to_client<protocol::LiveEvent>(peer.client))
      names.push_back(live.event.name);
    return names;
  }

  static std::string number_of(const std::string& job) {
    const auto number = std::string_view(job).substr(24);
    const auto digits = number.find_first_not_of('0');
    return digits == std::string_view::npos ? "0" : std::string(number.substr(digits));
  }
  template <typename Packet>
  static std::string named(const Packet& packet) {
    return number_of(packet.job) + "." + std::to_string(packet.attempt);
  }

  PortalBench portal;
};

}  // namespace rota::portal
