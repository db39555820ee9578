#pragma once
// Who the box is: privileged (root with its capabilities) or an ordinary user inside a user namespace, and
// which user and group judged programs run as.

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "sandbox/spec.hpp"

namespace rota::sandbox {

struct Identity {
  bool privileged = false;  // may change user; otherwise a user namespace maps the one user that we are
  // Why the zygote of a privileged box gets no user namespace; empty: it gets one.
  std::string no_user_namespace;
  uid_t uid = 0;  // of judged programs
  gid_t gid = 0;
};

// An own user and group per box unless they are given: kFirstOwnId + our pid, which systemd's
// UIDS-GIDS page leaves unused; 65534 where that is not mapped into our user namespace.
// Throws std::invalid_argument where a given id is not usable, std::system_error where the kernel does not say who we
// are.
inline constexpr uid_t kFirstOwnId = 0x70000000;
Identity choose_identity(std::optional<uid_t> uid, std::optional<gid_t> gid);

// Makes the mount namespace of the supervisor and, for an ordinary user, its user namespace with the single
// mapping of identity.uid to the caller's own. Throws std::runtime_error.
void enter_own_namespaces(const Identity& identity);

// For a child that was cloned with CLONE_NEWUSER by a privileged supervisor: maps the identity's user and group to
// themselves and nothing else, so that root and all others do not exist there. proc: the host's /proc. Throws
// std::system_error.
void map_only(const Identity& identity, int proc, pid_t child);

std::vector<Layer> identity_layers(const Identity& identity);

}  // namespace rota::sandbox
