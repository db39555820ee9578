#include "sandbox/work_area.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/check.hpp"
#include "sandbox/same_status.hpp"

namespace rota::sandbox {
namespace {

constexpr unsigned long kFlags = MS_NOSUID | MS_NODEV | MS_NOATIME;
constexpr std::uint64_t kFirstBytes = 64 << 20;

std::string owned_by(const Identity& identity, const char* mode) {
  return std::string(",mode=") + mode + ",uid=" + std::to_string(identity.uid) +
         ",gid=" + std::to_string(identity.gid);
}

UniqueFd make_view(const char* path) {
  UniqueFd view(check(::open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC),
                      std::string("copy the mount of ") + path));
  mount_attr change{};
  change.attr_set =
      MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NOSYMFOLLOW;
  check(::mount_setattr(view.get(), "", AT_EMPTY_PATH, &change, sizeof change),
        std::string("make a safe view of ") + path);
  return view;
}

}  // namespace

WritableFolder::WritableFolder(const char* path, std::string owner_options)
    : path_(path), owner_options_(std::move(owner_options)), bytes_(kFirstBytes) {
  mount();
}

void WritableFolder::mount() {
  const std::string options =
      "size=" + std::to_string(bytes_) + ",nr_inodes=" + std::to_string(kMaxInodes) + owner_options_;
  check(::mount("rota", path_, "tmpfs", kFlags, options.c_str()), std::string("mount ") + path_);
  view_ = make_view(path_);
  folder_.reset(
      check(::openat(view_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), std::string("open ") + path_));
  check(::fstat(folder_.get(), &root_), std::string("look at ") + path_);
}

// A symlink's target, a long name or an attribute takes an inode's worth as well, or shows in the list.
bool WritableFolder::is_untouched() const {
  struct statfs use {};
  struct stat root {};
  check(::fstatfs(folder_.get(), &use), std::string("count the files of ") + path_);
  check(::fstat(folder_.get(), &root), std::string("look at ") + path_);
  const bool is_empty = use.f_bfree == use.f_blocks && use.f_ffree + 1 == use.f_files;
  return is_empty && is_same(root, root_) && ::flistxattr(folder_.get(), nullptr, 0) == 0;
}

void WritableFolder::clean() {
  if (is_untouched()) return;
  folder_.reset();
  view_.reset();
  check(::umount2(path_, MNT_DETACH), std::string("drop ") + path_);
  mount();
}

void WritableFolder::resize(std::uint64_t bytes) {
  if (bytes == bytes_) return;
  const std::string options = "size=" + std::to_string(bytes);
  check(::mount(nullptr, path_, nullptr, MS_REMOUNT | kFlags, options.c_str()),
        std::string("set the size of ") + path_);
  bytes_ = bytes;
}

WorkArea::WorkArea(const Identity& identity)
    : work_("/work", owned_by(identity, "0700")), tmp_("/tmp", owned_by(identity, "1777")) {}

void WorkArea::clean() {
  work_.clean();
  tmp_.clean();
}

void WorkArea::resize(std::uint64_t work_bytes, std::uint64_t tmp_bytes) {
  work_.resize(work_bytes);
  tmp_.resize(tmp_bytes);
}

}  // namespace rota::sandbox
