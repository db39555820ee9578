#pragma once
// Log queries of clients: asks the nodes, merges what they send in order of time, and passes it on. A query
// that follows asks a node that comes (back) up for what it has not sent yet. Sans-IO, like the dispatcher.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "portal/actions.hpp"
#include "portal/log_merge.hpp"

namespace rota::portal {

inline constexpr std::size_t kMaxLogQueries = 64;  // at a time, all clients together
inline constexpr std::size_t kMaxLogQueriesPerClient = 4;

class LogRelay {
 public:
  // nodes: the portal's nodes as they are now, in the order of their NodeIndex.
  Actions query(ClientId client, const protocol::LogsQuery& query, const protocol::Nodes& nodes);
  Actions stop(ClientId client, const std::string& query, Instant now);
  // The client sends no more, so that it could not stop what follows.
  Actions stop_following(ClientId client, Instant now);
  Actions client_gone(ClientId client);

  // Whether a node's packet of this name is about a query, not about a job.
  bool knows(const std::string& query) const { return queries_.contains(query); }
  Actions line(NodeIndex node, protocol::LogLine line, Instant now);
  Actions end(NodeIndex node, const std::string& query, Instant now);
  // The node does not answer the query: name is told to the client as that of a node that could not be asked.
  Actions refused(NodeIndex node, const std::string& name, const std::string& query, Instant now);
  Actions node_up(NodeIndex node, const std::string& name);
  Actions node_down(NodeIndex node, const std::string& name, Instant now);
  // Lines that were held for long enough. To be called now and then.
  Actions tick(Instant now);

  bool has_queries_of(ClientId client) const;

 private:
  // One node's part of a query; source i of its merge.
  struct Source {
    NodeIndex node = 0;
    std::optional<UtcTime> last;  // of the lines that it has sent
  };
  struct Query {
    ClientId client = 0;
    protocol::LogsQuery asked;  // under the client's own name
    std::vector<Source> sources;
    std::unique_ptr<LogMerge> merge;
    std::vector<std::string> unreachable;
    bool stopped = false;
  };
  using Queries = std::map<std::string, Query>;  // by the name that nodes are given

  template <typename Wanted>
  Actions stop_where(const Wanted& wanted, Instant now);
  void require_acceptable(ClientId client, const protocol::LogsQuery& query,
                          const protocol::Nodes& nodes) const;
  Query start(ClientId client, const protocol::LogsQuery& query, const protocol::Nodes& nodes) const;
  static protocol::LogsQuery question(const std::string& name, const Query& query, const Source& source);
  static std::optional<std::size_t> source_of(const Query& query, NodeIndex node);
  static void add_unreachable(Query& query, const std::string& name);
  void flush(Queries::iterator found, Instant now, Actions& actions);
  void finish_if_done(Queries::iterator found, Actions& actions);

  Queries queries_;
  std::uint64_t names_ = 0;
};

}  // namespace rota::portal
