#include "portal/log_relay.hpp"

#include <algorithm>

#include "protocol/bounds.hpp"

namespace rota::portal {

using namespace protocol;

namespace {

bool is_asked(const LogsQuery& query, const NodeStatus& node) {
  return query.node.empty() || node.name == query.node || node.address == query.node;
}

}  // namespace

Actions LogRelay::query(ClientId client, const LogsQuery& query, const Nodes& nodes) {
  Actions actions;
  try {
    require_acceptable(client, query, nodes);
  } catch (const ProtocolError& error) {
    actions.push_back(ToClient{client, Error{error.code(), query.query, error.where(), error.what()}});
    return actions;
  }
  const auto found = queries_.emplace("q" + std::to_string(++names_), start(client, query, nodes)).first;
  for (std::size_t i = 0; i < found->second.sources.size(); ++i) {
    const Source& source = found->second.sources[i];
    if (!found->second.merge->ended(i))
      actions.push_back(ToNode{source.node, question(found->first, found->second, source)});
  }
  finish_if_done(found, actions);
  return actions;
}

void LogRelay::require_acceptable(ClientId client, const LogsQuery& query, const Nodes& nodes) const {
  std::size_t of_client = 0;
  for (const auto& [name, other] : queries_) {
    if (other.client != client) continue;
    ++of_client;
    if (other.asked.query == query.query)
      throw ProtocolError(ErrorCode::duplicate_job, "query", "a query of this name is in progress");
  }
  if (queries_.size() >= kMaxLogQueries || of_client >= kMaxLogQueriesPerClient)
    throw ProtocolError(ErrorCode::busy, "", "too many log queries at once; try again later");
  const bool known =
      query.node.empty() || std::any_of(nodes.nodes.begin(), nodes.nodes.end(),
                                        [&](const NodeStatus& node) { return is_asked(query, node); });
  if (!known)
    throw ProtocolError(ErrorCode::unknown_node, "node", "no node of this name; `rota nodes` lists them");
}

LogRelay::Query LogRelay::start(ClientId client, const LogsQuery& query, const Nodes& nodes) const {
  Query started;
  started.client = client;
  started.asked = query;
  std::vector<std::size_t> down;
  for (NodeIndex i = 0; i < nodes.nodes.size(); ++i) {
    const NodeStatus& node = nodes.nodes[i];
    if (!is_asked(query, node)) continue;
    if (!node.up) down.push_back(started.sources.size());
    if (!node.up) started.unreachable.push_back(node.name.empty() ? node.address : node.name);
    started.sources.push_back({i, std::nullopt});
  }
  started.merge = std::make_unique<LogMerge>(started.sources.size(), query.follow);
  for (std::size_t source : down) started.merge->end(source);
  return started;
}

LogsQuery LogRelay::question(const std::string& name, const Query& query, const Source& source) {
  LogsQuery question = query.asked;
  question.query = name;
  question.node.clear();
  if (source.last) question.since = *source.last + Nanoseconds(1);
  return question;
}

Actions LogRelay::stop(ClientId client, const std::string& query, Instant now) {
  return stop_where([&](const Query& other) { return other.client == client && other.asked.query == query; },
                    now);
}

Actions LogRelay::stop_following(ClientId client, Instant now) {
  return stop_where([&](const Query& other) { return other.client == client && other.asked.follow; }, now);
}

template <typename Wanted>
Actions LogRelay::stop_where(const Wanted& wanted, Instant now) {
  Actions actions;
  for (auto next = queries_.begin(); next != queries_.end();) {
    const auto found = next++;
    Query& query = found->second;
    if (!wanted(query)) continue;
    query.stopped = true;
    for (std::size_t i = 0; i < query.sources.size(); ++i) {
      if (!query.merge->ended(i)) actions.push_back(ToNode{query.sources[i].node, LogsStop{found->first}});
      query.merge->end(i);
    }
    flush(found, now, actions);
  }
  return actions;
}

Actions LogRelay::client_gone(ClientId client) {
  Actions actions = stop_where([&](const Query& query) { return query.client == client; }, {});
  std::erase_if(actions, [](const Action& action) { return std::holds_alternative<ToClient>(action); });
  return actions;
}

Actions LogRelay::line(NodeIndex node, LogLine line, Instant now) {
  Actions actions;
  const auto found = queries_.find(line.query);
  if (found == queries_.end()) return actions;  // it has been stopped; the last lines are still on their way
  const auto source = source_of(found->second, node);
  if (!source) return actions;
  found->second.sources[*source].last = line.event.time;
  found->second.merge->add(*source, std::move(line.event), now);
  flush(found, now, actions);
  return actions;
}

Actions LogRelay::end(NodeIndex node, const std::string& query, Instant now) {
  Actions actions;
  const auto found = queries_.find(query);
  if (found == queries_.end()) return actions;
  const auto source = source_of(found->second, node);
  if (!source) return actions;
  found->second.merge->end(*source);
  flush(found, now, actions);
  return actions;
}

Actions LogRelay::refused(NodeIndex node, const std::string& name, const std::string& query, Instant now) {
  const auto found = queries_.find(query);
  if (found != queries_.end()) add_unreachable(found->second, name);
  return end(node, query, now);
}

Actions LogRelay::node_up(NodeIndex node, const std::string& name) {
  Actions actions;
  for (auto& [query_name, query] : queries_) {
    const auto source = source_of(query, node);
    if (!source || !query.asked.follow || !query.merge->ended(*source)) continue;
    query.merge->reopen(*source);
    std::erase(query.unreachable, name);
    actions.push_back(ToNode{node, question(query_name, query, query.sources[*source])});
  }
  return actions;
}

Actions LogRelay::node_down(NodeIndex node, const std::string& name, Instant now) {
  Actions actions;
  for (auto next = queries_.begin(); next != queries_.end();) {
    const auto found = next++;
    const auto source = source_of(found->second, node);
    if (!source || found->second.merge->ended(*source)) continue;  // it had said all it had to say
    add_unreachable(found->second, name);
    found->second.merge->end(*source);
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

std::optional<std::size_t> LogRelay::source_of(const Query& query, NodeIndex node) {
  const auto found = std::find_if(query.sources.begin(), query.sources.end(),
                                  [&](const Source& source) { return source.node == node; });
  if (found == query.sources.end()) return std::nullopt;
  return static_cast<std::size_t>(found - query.sources.begin());
}

// A node may change its name each time that it comes back.
void LogRelay::add_unreachable(Query& query, const std::string& name) {
  auto& names = query.unreachable;
  if (names.size() < kMaxNodes && std::find(names.begin(), names.end(), name) == names.end())
    names.push_back(name);
}

void LogRelay::flush(Queries::iterator found, Instant now, Actions& actions) {
  Query& query = found->second;
  for (Event& line : query.merge->take(now)) {
    actions.push_back(ToClient{query.client, LogLine{query.asked.query, std::move(line)}});
  }
  finish_if_done(found, actions);
}

void LogRelay::finish_if_done(Queries::iterator found, Actions& actions) {
  const Query& query = found->second;
  if (!query.merge->done() || (query.asked.follow && !query.stopped)) return;
  actions.push_back(ToClient{query.client, LogsEnd{query.asked.query, query.unreachable}});
  queries_.erase(found);
}

}  // namespace rota::portal
