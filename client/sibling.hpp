#pragma once
// Other programs of rota, which stand beside this one in a build or an installation.

#include <filesystem>
#include <string>

namespace rota::client {

// Throws ClientError{kUnavailable} where it is missing; purpose: what it is wanted for, for the message.
std::filesystem::path sibling(const std::string& name, const std::string& purpose);

}  // namespace rota::client
