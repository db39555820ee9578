#include "tests/integration/cluster/cluster.hpp"

#include <signal.h>

#include <fstream>
#include <stdexcept>

#include "protocol/conversion.hpp"

namespace rota::test {

Cluster::Cluster(std::size_t node_count, std::vector<std::string> portal_flags,
                 std::vector<std::string> node_flags)
    : node_ports_(node_count), node_flags_(std::move(node_flags)) {
  std::vector<std::string>& arguments = portal_arguments_;
  arguments = {"--listen", portal_address(), "--name", "portal", "--state-dir", folder.path() / "portal"};
  for (std::size_t i = 0; i < node_count; ++i) {
    nodes.push_back(std::make_unique<Daemon>(program_path("rota-node"), node_arguments(i)));
    arguments.insert(arguments.end(), {"--node", nodes.back()->address()});
  }
  arguments.insert(arguments.end(), portal_flags.begin(), portal_flags.end());
  restart_portal();
}

void Cluster::kill_portal() {
  portal->signal(SIGKILL);
  if (!portal->wait(std::chrono::seconds(10))) throw std::runtime_error("the portal does not die");
}

void Cluster::restart_portal() {
  portal.reset();
  portal = std::make_unique<Daemon>(program_path("rota-portal"), portal_arguments_);
}

Daemon& Cluster::join_node(const std::string& name, const std::vector<std::string>& flags) {
  std::vector<std::string> arguments{"--join", portal_address(), "--name", name, "--slots", "2"};
  arguments.insert(arguments.end(), {"--state-dir", folder.path() / name});
  for (auto& flag : flags_of_test_nodes()) arguments.push_back(flag);
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  nodes.push_back(std::make_unique<Daemon>(program_path("rota-node"), arguments));
  return *nodes.back();
}

void Cluster::restart_node(std::size_t index) {
  nodes.at(index).reset();
  nodes[index] = std::make_unique<Daemon>(program_path("rota-node"), node_arguments(index));
}

bool Cluster::stop() {
  bool clean = portal->stop() == 0;
  for (auto& node : nodes) clean = node->stop() == 0 && clean;
  return clean;
}

std::vector<std::string> Cluster::node_arguments(std::size_t index) const {
  const auto name = "node-" + std::to_string(index + 1);
  std::vector<std::string> arguments{"--listen", node_ports_[index].address(), "--name", name};
  arguments.insert(arguments.end(), {"--slots", "2", "--state-dir", folder.path() / name});
  for (auto& flag : flags_of_test_nodes()) arguments.push_back(flag);
  arguments.insert(arguments.end(), node_flags_.begin(), node_flags_.end());
  return arguments;
}

std::vector<protocol::Event> events_in(const std::filesystem::path& log) {
  std::vector<protocol::Event> events;
  std::ifstream file(log);
  for (std::string line; std::getline(file, line);) events.push_back(protocol::from_log_line(line));
  return events;
}

std::string missing_layers(const std::filesystem::path& log) {
  for (const auto& event : events_in(log)) {
    if (event.name != "box.started" || !event.fields.contains("missing")) continue;
    return std::get<std::string>(event.fields.at("missing"));
  }
  return {};
}

protocol::Submit job(const std::string& file_name, const std::string& source) {
  protocol::Submit submit;
  submit.file_name = file_name;
  submit.source = source;
  return submit;
}

}  // namespace rota::test
