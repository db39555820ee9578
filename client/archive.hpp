#pragma once
// Reads archives by libarchive(3).

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace rota::client {

// Calls take for every regular file whose name `wants` takes, in the archive's order, with its path as it stands there. Links,
// devices and the like are refused. Throws ClientError{kNoInput} with what is wrong; an archive whose files hold more than max_bytes is.
void read_archive(const std::filesystem::path& path, std::uint64_t max_bytes,
                  const std::function<bool(const std::string& name)>& wants,
                  const std::function<void(std::string name, std::string content)>& take);

}  // namespace rota::client
