#include "tests/integration/cluster/dialogue.hpp"

#include <algorithm>
#include <stdexcept>

namespace rota::test {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

constexpr auto kPatience = 10s;

protocol::Packet next_of(PacketClient& client) {
  auto packet = client.next();
  if (!packet) throw std::runtime_error("the portal closed where a packet was expected");
  return std::move(*packet);
}

}  // namespace

std::string id_of(int number) {
  return "00000000-0000-7000-8000-" + std::to_string(200'000'000'000 + number);
}

protocol::Submit numbered(int number, const std::string& script) {
  auto submit = job("a.sh", script);
  submit.job = id_of(number);
  submit.acknowledge = true;
  submit.live_events = true;
  submit.limits.cpu_time = 60s;
  submit.limits.wall_time = 90s;
  return submit;
}

void submit_accepted(PacketClient& client, const protocol::Submit& job) {
  client.send(job);
  while (true) {
    const auto packet = next_of(client);
    const auto* accepted = std::get_if<protocol::Accepted>(&packet);
    if (accepted != nullptr && accepted->job == job.job) return;
    if (const auto* error = std::get_if<protocol::Error>(&packet)) throw std::runtime_error(error->message);
  }
}

protocol::Event wait_for_event(PacketClient& client, const std::string& name, const std::string& job) {
  while (true) {
    const auto packet = next_of(client);
    const auto* live = std::get_if<protocol::LiveEvent>(&packet);
    if (live != nullptr && live->event.name == name && (job.empty() || live->event.job == job))
      return live->event;
  }
}

protocol::Event wait_until_started(const Cluster& cluster, const std::string& job) {
  auto client = cluster.connect();
  client.send(protocol::Wait{.job = job, .live_events = true});
  return wait_for_event(client, "run.started", job);
}

protocol::Result answer_to(PacketClient& client, const std::string& job) {
  while (true) {
    const auto packet = next_of(client);
    if (const auto* error = std::get_if<protocol::Error>(&packet)) throw std::runtime_error(error->message);
    const auto* result = std::get_if<protocol::Result>(&packet);
    if (result != nullptr && result->job == job) return *result;
  }
}

bool nodes_become(const Cluster& cluster, std::size_t count, protocol::NodeState state) {
  auto client = cluster.connect();
  for (const auto deadline = steady_clock::now() + kPatience; steady_clock::now() < deadline;) {
    client.send(protocol::NodesQuery{});
    const auto nodes = client.expect<protocol::Nodes>().nodes;
    const auto found =
        std::count_if(nodes.begin(), nodes.end(), [&](const auto& node) { return node.state == state; });
    if (static_cast<std::size_t>(found) == count) return true;
  }
  return false;
}

void wait_for_log(const Daemon& daemon, const std::string& name) {
  PacketClient reader(daemon.host(), daemon.port());
  reader.send(protocol::LogsQuery{.query = "log", .follow = true});
  while (reader.expect<protocol::LogLine>().event.name != name) {
  }
}

}  // namespace rota::test
