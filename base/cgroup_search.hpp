#pragma once
// A walk through the cgroups of the host, for those who look for what was left behind.

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace rota {

// The folders below `folder` whose names is_wanted takes. Cgroups of others may go while we look: what lies below them
// has gone as well, and nothing else is passed over.
template <typename Predicate>
std::vector<std::string> find_cgroups(const Predicate& is_wanted,
                                      const std::filesystem::path& folder = "/sys/fs/cgroup") {
  namespace fs = std::filesystem;
  std::vector<std::string> found;
  std::error_code gone;
  fs::directory_iterator entry(folder, fs::directory_options::skip_permission_denied, gone);
  for (; !gone && entry != fs::directory_iterator(); entry.increment(gone)) {
    std::error_code ignored;
    if (entry->symlink_status(ignored).type() != fs::file_type::directory) continue;
    if (is_wanted(entry->path().filename().string())) found.push_back(entry->path());
    const auto below = find_cgroups(is_wanted, entry->path());
    found.insert(found.end(), below.begin(), below.end());
  }
  return found;
}

}  // namespace rota
