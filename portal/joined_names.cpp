#include "portal/joined_names.hpp"

#include <algorithm>

#include "protocol/error.hpp"

namespace rota::portal {

using protocol::ErrorCode;
using protocol::ProtocolError;

NodeIndex JoinedNames::enter(const protocol::Join& join, const Identity& identity) {
  const bool is_admin = identity.role == Role::admin;
  auto found = names_.find(join.name);
  if (found == names_.end()) found = add(join.name, identity.user, is_admin);
  // One node's token is no way into the place of another, and to its jobs.
  if (found->second.user != identity.user && !is_admin)
    throw ProtocolError(ErrorCode::forbidden, "name", "another token's node has this name");
  take_up(found->second, join.session);
  return found->second.place;
}

const std::string* JoinedNames::name_of(NodeIndex place) const {
  const auto found = std::find_if(names_.begin(), names_.end(),
                                  [&](const auto& entry) { return entry.second.place == place; });
  return found == names_.end() ? nullptr : &found->first;
}

JoinedNames::Names::iterator JoinedNames::add(const std::string& name, const std::string& user,
                                              bool is_admin) {
  const auto of_user = std::count_if(names_.begin(), names_.end(),
                                     [&](const auto& entry) { return entry.second.user == user; });
  const bool needs_own = !is_admin && static_cast<std::size_t>(of_user) >= kMaxOfAUser;
  if (!needs_own) {
    if (const auto place = places_.add(name)) return names_.emplace(name, Name{*place, user, {}, {}}).first;
  }
  const auto left = std::find_if(names_.begin(), names_.end(), [&](const auto& entry) {
    return (!needs_own || entry.second.user == user) && places_.has_left(entry.second.place);
  });
  if (left == names_.end())
    throw ProtocolError(ErrorCode::busy, "name", "as many nodes have joined as the portal takes");
  const NodeIndex place = left->second.place;
  names_.erase(left);
  places_.replace(place, name);
  return names_.emplace(name, Name{place, user, {}, {}}).first;
}

// A process does not come back after another has taken its name, unless both are alive.
void JoinedNames::take_up(Name& name, const std::string& session) {
  if (session.empty() || session == name.session) return;
  if (name.past.contains(session))
    throw ProtocolError(ErrorCode::forbidden, "name",
                        "another node has joined under this name since; give each node a --name of its own");
  if (name.past.size() >= kMaxPast) name.past.erase(name.past.begin());
  if (!name.session.empty()) name.past.insert(name.session);
  name.session = session;
}

}  // namespace rota::portal
