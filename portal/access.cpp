#include "portal/access.hpp"

#include <array>
#include <utility>

namespace rota::portal {

using namespace protocol;

namespace {

constexpr std::array kRoles{std::pair{Role::submit, std::string_view("submit")},
                            std::pair{Role::node, std::string_view("node")},
                            std::pair{Role::admin, std::string_view("admin")}};

template <typename... Kinds>
bool is_one_of(const Packet& packet) {
  return (std::holds_alternative<Kinds>(packet) || ...);
}

std::string request_of(const Packet& packet) {
  if (const auto* submit = std::get_if<Submit>(&packet)) return submit->job;
  if (const auto* wait = std::get_if<Wait>(&packet)) return wait->job;
  if (const auto* cancel = std::get_if<Cancel>(&packet)) return cancel->job;
  if (const auto* query = std::get_if<LogsQuery>(&packet)) return query->query;
  return "";
}

const char* why_not(Role role, const Packet& packet) {
  if (role == Role::node) return "a token for nodes is good for joining, and for nothing else";
  if (is_one_of<LogsQuery>(packet))
    return "a token for submitting reaches the logs of its own jobs only: name one with --job";
  if (is_one_of<Join>(packet)) return "a node joins with a token for nodes";
  return "this wants a token for administrators";
}

}  // namespace

std::string_view to_text(Role role) {
  for (const auto& [known, text] : kRoles) {
    if (known == role) return text;
  }
  return "";
}

std::optional<Role> role_of(std::string_view text) {
  for (const auto& [role, known] : kRoles) {
    if (known == text) return role;
  }
  return std::nullopt;
}

Reach reach_of(Role role, const Packet& packet) {
  if (role == Role::admin || is_one_of<Hello, Ping, Pong>(packet)) return Reach::yes;
  if (role == Role::node) return is_one_of<Join>(packet) ? Reach::yes : Reach::no;
  if (is_one_of<Submit, Wait, Cancel, NodesQuery, LogsStop>(packet)) return Reach::yes;
  const auto* query = std::get_if<LogsQuery>(&packet);
  return query != nullptr && !query->job.empty() ? Reach::own_job : Reach::no;
}

Error refusal(Role role, const Packet& packet) {
  Error error;
  error.code = ErrorCode::forbidden;
  error.job = request_of(packet);
  error.message = why_not(role, packet);
  return error;
}

}  // namespace rota::portal
