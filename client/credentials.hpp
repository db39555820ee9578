#pragma once
// How the client shows a portal who it is, and to which portals it does.
//
// A token is its user's, so it goes only where the user sends it: to portals that a flag, the environment or the user's own
// file names. A project file comes with whatever was cloned; a portal that nobody but it names gets no token.

#include "client/session.hpp"
#include "client/settings.hpp"

namespace rota::client {

// For sessions with the portals of these settings. Throws ClientError{kUsage} where a file of theirs is not good, or where
// a token would go to a portal that the user has not named. Over loopback such a portal is connected to without the token.
SessionOptions session_options(const Settings& settings);

}  // namespace rota::client
