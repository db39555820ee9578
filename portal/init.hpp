#pragma once
// What a cluster across machines begins with: a private CA, the portal's certificate, a certificate and a token for each
// node, and the first administrator's token, as files of one folder.

#include <filesystem>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace rota::portal {

struct InitSettings {
  std::filesystem::path folder;
  std::vector<std::string> hosts;  // names and addresses by which clients and nodes reach the portal
  std::vector<std::string> nodes;  // names of nodes
  int days = 3650;                 // until the certificates expire
};

// The names of the files, in the folder.
namespace init_files {
inline constexpr const char* kCa = "ca.crt";
inline constexpr const char* kCaKey = "ca.key";
inline constexpr const char* kPortal = "portal.crt";
inline constexpr const char* kPortalKey = "portal.key";
inline constexpr const char* kTokens = "tokens";
inline constexpr const char* kAdminToken = "admin.token";
}  // namespace init_files

// Makes the folder (mode 0700) where it is not there, and all files in it with mode 0600. Throws std::invalid_argument for
// names that make no sense, std::runtime_error where one of the files is there already (then nothing is written) or cannot
// be written. Returns the lines that tell what to do with them; no secret is in them.
std::string init(const InitSettings& settings, UtcTime now);

}  // namespace rota::portal
