#include "sandbox/cgroup_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "sandbox/cgroup_file.hpp"
#include "sandbox/cgroup_text.hpp"

namespace rota::sandbox {
namespace {

constexpr std::string_view kPrefix = "rota-box-";
constexpr int kCreateAttempts = 100;

// Whether the name still means the opened folder: it may have been removed, and made anew, in the meantime.
bool is_named(int parent, const char* name, int folder) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(folder, &opened) == 0 && ::fstatat(parent, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         opened.st_ino == named.st_ino;
}

// The folder's lock, which only its box holds; none where that lives, in whatever pid namespace.
UniqueFd lock_abandoned(int parent, const char* name) {
  UniqueFd folder(::openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  const bool locked = folder && ::flock(folder.get(), LOCK_EX | LOCK_NB) == 0;
  return locked && is_named(parent, name, folder.get()) ? std::move(folder) : UniqueFd();
}

std::vector<std::string> list_names(int folder, std::string_view prefix) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(
      ::fdopendir(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), ::closedir);
  if (!entries) return names;
  while (const dirent* entry = ::readdir(entries.get())) {
    if (std::string_view(entry->d_name).starts_with(prefix)) names.emplace_back(entry->d_name);
  }
  return names;
}

// With all that is in it, which version 2 can end. What still has dying processes refuses (EBUSY) and is left to the
// next box.
void remove_all(int parent, const char* name, int folder) {
  try_write_text(find_cgroup_file(folder, "cgroup.kill", O_WRONLY), "1");
  for (const std::string& run : list_names(folder, kRunPrefix)) ::unlinkat(folder, run.c_str(), AT_REMOVEDIR);
  ::unlinkat(parent, name, AT_REMOVEDIR);
}

void sweep(int parent) {
  for (const std::string& name : list_names(parent, kPrefix)) {
    // Held until the folder is gone: its box may be just about to lock what it has made.
    const UniqueFd lock = lock_abandoned(parent, name.c_str());
    if (lock) remove_all(parent, name.c_str(), lock.get());
  }
}

}  // namespace

std::optional<std::string> find_own_cgroup(const std::string& controller) {
  const auto path = path_in_hierarchy(read_whole_file("/proc/self/cgroup"), controller);
  const auto mounts = find_hierarchy_mounts(read_whole_file("/proc/self/mountinfo"), controller);
  if (!path || mounts.empty()) return std::nullopt;
  // A container without a cgroup namespace is told paths of the host, and is shown its own part only.
  return folder_of(mounts.front(), *path).value_or(mounts.front().point);
}

CgroupFolder::CgroupFolder(const std::string& parent)
    : parent_(check(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open the cgroup " + parent)),
      name_(std::string(kPrefix) + std::to_string(::getpid())) {
  sweep(parent_.get());
  create();
}

CgroupFolder::~CgroupFolder() {
  remove_all(parent_.get(), name_.c_str(), folder_.get());
}

void CgroupFolder::replace() {
  if (::unlinkat(parent_.get(), name_.c_str(), AT_REMOVEDIR) == 0) create();
}

UniqueFd CgroupFolder::open_file(const char* name, int flags) const {
  return open_cgroup_file(folder_.get(), name, flags);
}

// Another box that starts now may sweep the folder between our mkdir and our lock; then it is made again.
// Waiting for the lock is waiting for that sweep: mode 0700 keeps ordinary users from holding it.
void CgroupFolder::create() {
  for (int attempt = 0; attempt < kCreateAttempts; ++attempt) {
    check(::mkdirat(parent_.get(), name_.c_str(), 0700), "create the cgroup " + name_);
    folder_.reset(::openat(parent_.get(), name_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder_ && ::flock(folder_.get(), LOCK_EX) == 0 &&
        is_named(parent_.get(), name_.c_str(), folder_.get()))
      return;
  }
  throw std::runtime_error("the cgroup " + name_ + " is swept away as often as it is made");
}

}  // namespace rota::sandbox
