#include "sandbox/cgroup_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.hpp"

namespace rota::sandbox {
namespace {

constexpr std::string_view kPrefix = "rota-box-";
constexpr int kCreateAttempts = 100;

bool list_has(const std::string& list, const std::string& word) {
  std::istringstream words(list);
  for (std::string found; std::getline(words, found, ',');) {
    if (found == word) return true;
  }
  return false;
}

// "4:memory:/some/group" gives "/some/group".
std::optional<std::string> path_in_hierarchy(const std::string& controller) {
  std::ifstream lines("/proc/self/cgroup");
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    if (list_has(line.substr(first + 1, second - first - 1), controller)) return line.substr(second + 1);
  }
  return std::nullopt;
}

struct HierarchyMount {
  std::string root, point;  // which part of the hierarchy is mounted, and where; see proc(5), mountinfo
};

std::optional<HierarchyMount> find_mount(const std::string& controller) {
  std::ifstream lines("/proc/self/mountinfo");
  for (std::string line; std::getline(lines, line);) {
    const auto separator = line.find(" - ");
    if (separator == std::string::npos) continue;
    std::istringstream front(line.substr(0, separator)), back(line.substr(separator + 3));
    std::string id, parent, device, type, source, options;
    HierarchyMount mount;
    front >> id >> parent >> device >> mount.root >> mount.point;
    back >> type >> source >> options;
    if (type == "cgroup" && list_has(options, controller)) return mount;
  }
  return std::nullopt;
}

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

void sweep(int parent) {
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(
      ::fdopendir(::openat(parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), ::closedir);
  if (!entries) return;
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(entries.get())) {
    if (std::string_view(entry->d_name).starts_with(kPrefix)) names.emplace_back(entry->d_name);
  }
  for (const std::string& name : names) {
    // Held until the folder is gone: its box may be just about to lock what it has made.
    const UniqueFd lock = lock_abandoned(parent, name.c_str());
    // One that still has dying processes refuses (EBUSY) and is left to the next box.
    if (lock) ::unlinkat(parent, name.c_str(), AT_REMOVEDIR);
  }
}

}  // namespace

std::optional<std::string> find_own_cgroup(const std::string& controller) {
  const auto path = path_in_hierarchy(controller);
  const auto mount = find_mount(controller);
  if (!path || !mount) return std::nullopt;
  if (mount->root == "/") return mount->point + *path;
  if (!path->starts_with(mount->root)) return mount->point;
  return mount->point + path->substr(mount->root.size());
}

CgroupFolder::CgroupFolder(const std::string& parent)
    : parent_(check(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open the cgroup " + parent)),
      name_(std::string(kPrefix) + std::to_string(::getpid())) {
  sweep(parent_.get());
  create();
}

CgroupFolder::~CgroupFolder() {
  // What is still busy is left to the next box's sweep.
  ::unlinkat(parent_.get(), name_.c_str(), AT_REMOVEDIR);
}

void CgroupFolder::replace() {
  if (::unlinkat(parent_.get(), name_.c_str(), AT_REMOVEDIR) == 0) create();
}

UniqueFd CgroupFolder::open_file(const char* name, int flags) const {
  return UniqueFd(check(::openat(folder_.get(), name, flags | O_CLOEXEC),
                        std::string("open ") + name + " of our cgroup"));
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
