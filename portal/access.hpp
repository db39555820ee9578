#pragma once
// What a role may ask of the portal.

#include <optional>
#include <string>
#include <string_view>

#include "protocol/packets.hpp"

namespace rota::portal {

// submit: jobs of its own user. node: to be a judge node, and nothing else. admin: everything.
enum class Role { submit, node, admin };
std::string_view to_text(Role role);
std::optional<Role> role_of(std::string_view text);

// Who speaks on a connection.
struct Identity {
  Role role = Role::admin;
  std::string user = "local";
  std::string token;  // its id; empty: none was asked for
};

enum class Reach {
  yes,
  own_job,  // where the job that the packet names is of the same user; nobody learns whether it exists otherwise
  no,
};

// Of packets that clients and nodes send first; what a portal does not take at all is not judged here. `wait` and
// `cancel` reach whatever the store says is the user's.
Reach reach_of(Role role, const protocol::Packet& packet);

// The answer where reach_of() says no.
protocol::Error refusal(Role role, const protocol::Packet& packet);

}  // namespace rota::portal
