#pragma once
// The nodes that come by themselves: whose name is whose, and in which place of the portal's list its node stands. Sans-IO.

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "portal/access.hpp"
#include "portal/actions.hpp"
#include "protocol/packets.hpp"

namespace rota::portal {

// What the portal does about places when a name asks for one.
struct NodePlaces {
  std::function<std::optional<NodeIndex>(const std::string& name)>
      add;                                  // nullopt: there are as many as it takes
  std::function<bool(NodeIndex)> has_left;  // the node of this place is gone, and nothing waits for it
  std::function<void(NodeIndex, const std::string& name)>
      replace;  // a node of this name instead of one that has left
};

class JoinedNames {
 public:
  static constexpr std::size_t kMaxOfAUser = 256;  // so that one token does not take every place
  static constexpr std::size_t kMaxPast = 16;      // lives of one name that are remembered

  explicit JoinedNames(NodePlaces places) : places_(std::move(places)) {}

  // The place of the node that joins: that of its name, a new one, or where there is none that of a name whose node has left.
  // Throws ProtocolError: busy (no place), forbidden (the name is another user's, or there are two nodes that live under it:
  // this one's life has been followed by another's).
  NodeIndex enter(const protocol::Join& join, const Identity& identity);

  // nullptr: of no node that joined.
  const std::string* name_of(NodeIndex place) const;

 private:
  struct Name {
    NodeIndex place = 0;
    std::string user;
    std::string session;         // of its node, as it joined last; empty: not told
    std::set<std::string> past;  // sessions before that
  };
  using Names = std::map<std::string, Name>;

  Names::iterator add(const std::string& name, const std::string& user, bool is_admin);
  static void take_up(Name& name, const std::string& session);

  NodePlaces places_;
  Names names_;
};

}  // namespace rota::portal
