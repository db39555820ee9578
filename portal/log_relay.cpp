#include "portal/log_relay.hpp"

#include <algorithm>

namespace rota::portal {

using namespace protocol;

Actions LogRelay::query(ClientId client, const LogsQuery& query, const Nodes& nodes) {
  Actions actions;
  const auto of_client = std::count_if(queries_.begin(), queries_.end(),
                                       [&](const auto& entry) { return entry.second.client == client; });
  if (queries_.size() >= kMaxLogQueries || static_cast<std::size_t>(of_client) >= kMaxLogQueriesPerClient) {
    actions.push_back(
        ToClient{client, Error{ErrorCode::busy, query.query, "", "too many log queries at once"}});
    return actions;
  }
  const bool known =
      query.node.empty() || std::any_of(nodes.nodes.begin(), nodes.nodes.end(), [&](const auto& node) {
        return node.name == query.node || node.address == query.node;
      });
  if (!known) {
    actions.push_back(ToClient{client, Error{ErrorCode::unknown_node, query.query, "node",
                                             "no node of this name; `rota nodes` lists them"}});
    return actions;
  }
  auto [found, inserted] = queries_.emplace("q" + std::to_string(++names_), start(client, query, nodes));
  LogsQuery to_node = query;
  to_node.query = found->first;
  to_node.node.clear();
  for (NodeIndex node : found->second.nodes) actions.push_back(ToNode{node, to_node});
  if (found->second.merge->done()) finish(found, actions);
  return actions;
}

LogRelay::Query LogRelay::start(ClientId client, const LogsQuery& query, const Nodes& nodes) const {
  Query started;
  started.client = client;
  started.name = query.query;
  for (NodeIndex i = 0; i < nodes.nodes.size(); ++i) {
    const NodeStatus& node = nodes.nodes[i];
    if (!query.node.empty() && node.name != query.node && node.address != query.node) continue;
    if (node.up) {
      started.nodes.push_back(i);
    } else {
      started.unreachable.push_back(node.name.empty() ? node.address : node.name);
    }
  }
  started.merge = std::make_unique<LogMerge>(started.nodes.size(), query.follow);
  return started;
}

Actions LogRelay::stop(ClientId client, const std::string& query, Instant now) {
  Actions actions;
  for (auto next = queries_.begin(); next != queries_.end();) {
    const auto found = next++;
    if (found->second.client != client || found->second.name != query) continue;
    for (NodeIndex node : found->second.nodes) actions.push_back(ToNode{node, LogsStop{found->first}});
    for (std::size_t i = 0; i < found->second.nodes.size(); ++i) found->second.merge->end(i);
    flush(found, now, actions);
  }
  return actions;
}

Actions LogRelay::client_gone(ClientId client) {
  Actions actions;
  for (auto next = queries_.begin(); next != queries_.end();) {
    const auto found = next++;
    if (found->second.client == client) drop(found, actions);
  }
  return actions;
}

Actions LogRelay::line(NodeIndex node, LogLine line, Instant now) {
  Actions actions;
  const auto found = queries_.find(line.query);
  if (found == queries_.end()) return actions;  // it has been stopped; the last lines are still on their way
  const auto& nodes = found->second.nodes;
  const auto source = std::find(nodes.begin(), nodes.end(), node);
  if (source == nodes.end()) return actions;
  found->second.merge->add(static_cast<std::size_t>(source - nodes.begin()), std::move(line.event), now);
  flush(found, now, actions);
  return actions;
}

Actions LogRelay::end(NodeIndex node, const std::string& query, Instant now) {
  Actions actions;
  const auto found = queries_.find(query);
  if (found == queries_.end()) return actions;
  const auto& nodes = found->second.nodes;
  const auto source = std::find(nodes.begin(), nodes.end(), node);
  if (source == nodes.end()) return actions;
  found->second.merge->end(static_cast<std::size_t>(source - nodes.begin()));
  flush(found, now, actions);
  return actions;
}

Actions LogRelay::node_down(NodeIndex node, const std::string& name, Instant now) {
  Actions actions;
  for (auto next = queries_.begin(); next != queries_.end();) {
    const auto found = next++;
    auto& [client, client_name, nodes, merge, unreachable] = found->second;
    const auto source = std::find(nodes.begin(), nodes.end(), node);
    if (source == nodes.end()) continue;
    const auto index = static_cast<std::size_t>(source - nodes.begin());
    if (merge->ended(index)) continue;  // it had said all it had to say
    unreachable.push_back(name);
    merge->end(index);
    flush(found, now, actions);
  }
  return actions;
}

Actions LogRelay::tick(Instant now) {
  Actions actions;
  for (auto next = queries_.begin(); next != queries_.end();) {
    const auto found = next++;
    flush(found, now, actions);
  }
  return actions;
}

bool LogRelay::has_queries_of(ClientId client) const {
  return std::any_of(queries_.begin(), queries_.end(),
                     [&](const auto& entry) { return entry.second.client == client; });
}

void LogRelay::flush(Queries::iterator found, Instant now, Actions& actions) {
  Query& query = found->second;
  for (Event& line : query.merge->take(now)) {
    actions.push_back(ToClient{query.client, LogLine{query.name, std::move(line)}});
  }
  if (query.merge->done()) finish(found, actions);
}

void LogRelay::finish(Queries::iterator found, Actions& actions) {
  actions.push_back(ToClient{found->second.client, LogsEnd{found->second.name, found->second.unreachable}});
  queries_.erase(found);
}

void LogRelay::drop(Queries::iterator found, Actions& actions) {
  for (NodeIndex node : found->second.nodes) actions.push_back(ToNode{node, LogsStop{found->first}});
  queries_.erase(found);
}

}  // namespace rota::portal
