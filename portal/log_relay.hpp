#pragma once
// Log queries of clients: asks the nodes, merges what they send in order of time, and passes it on. Sans-IO,
// like the dispatcher.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "portal/dispatcher.hpp"
#include "portal/log_merge.hpp"

namespace rota::portal {

inline constexpr std::size_t kMaxLogQueries = 64;  // at a time, all clients together
inline constexpr std::size_t kMaxLogQueriesPerClient = 4;

class LogRelay {
 public:
  // nodes: the portal's nodes as they are now, in the order of their NodeIndex.
  Actions query(ClientId client, const protocol::LogsQuery& query, const protocol::Nodes& nodes);
  Actions stop(ClientId client, const std::string& query, Instant now);
  Actions client_gone(ClientId client);

  Actions line(NodeIndex node, protocol::LogLine line, Instant now);
  Actions end(NodeIndex node, const std::string& query, Instant now);
  Actions node_down(NodeIndex node, const std::string& name, Instant now);
  // Lines that were held for long enough. To be called now and then.
  Actions tick(Instant now);

  bool has_queries_of(ClientId client) const;

 private:
  struct Query {
    ClientId client = 0;
    std::string name;              // the client's own
    std::vector<NodeIndex> nodes;  // source i of the merge is nodes[i]
    std::unique_ptr<LogMerge> merge;
    std::vector<std::string> unreachable;
  };
  using Queries = std::map<std::string, Query>;  // by the name that nodes are given

  void flush(Queries::iterator found, Instant now, Actions& actions);
  void finish(Queries::iterator found, Actions& actions);
  void drop(Queries::iterator found, Actions& actions);
  Query start(ClientId client, const protocol::LogsQuery& query, const protocol::Nodes& nodes) const;

  Queries queries_;
  std::uint64_t names_ = 0;
};

}  // namespace rota::portal
