#include "sandbox/root.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "base/check.hpp"
#include "base/unique_fd.hpp"
#include "sandbox/syscalls.hpp"

namespace rota::sandbox {
namespace {

namespace fs = std::filesystem;

// The new root is assembled here, in our own mount namespace; what it hides of the host was opened before.
constexpr const char* kAssembly = "/tmp";
constexpr const char* kRootOptions = "mode=0755,size=4m,nr_inodes=8k";

// A detached copy of a host's tree, opened before the new root hides the old, and the place that it goes to.
struct Tree {
  std::string target;  // absolute, inside
  UniqueFd mount;
  bool folder = true;
};

struct Link {
  std::string path, target;
};

Tree copy_tree(const std::string& source, std::uint64_t attributes, unsigned recursive = AT_RECURSIVE) {
  const auto flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | recursive;
  Tree tree{source,
            UniqueFd(check(::open_tree(AT_FDCWD, source.c_str(), flags), "copy the mount of " + source)),
            fs::is_directory(source)};
  mount_attr change{};
  change.attr_set = attributes;
  check(::mount_setattr(tree.mount.get(), "", AT_EMPTY_PATH | recursive, &change, sizeof change),
        "make the mount of " + source + " read-only");
  return tree;
}

constexpr std::uint64_t kReadOnly = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
constexpr std::uint64_t kDevice = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
constexpr std::uint64_t kProc = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

// /usr and its companions, as folders or, on a merged system, as the symlinks that they are.
void collect_system(std::vector<Tree>& trees, std::vector<Link>& links) {
  for (const char* path : {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}) {
    if (fs::is_symlink(path)) {
      links.push_back({path, fs::read_symlink(path)});
    } else if (fs::is_directory(path)) {
      trees.push_back(copy_tree(path, kReadOnly));
    }
  }
}

void require_own_place(const std::vector<Tree>& trees, const Bind& bind) {
  for (const Tree& tree : trees) {
    if (tree.target == bind.target) throw std::invalid_argument("--bind: two trees at " + bind.target);
  }
}

Tree copy_bind(const Bind& bind) try {
  Tree tree = copy_tree(bind.source, kReadOnly);
  tree.target = bind.target;
  return tree;
} catch (const std::system_error& error) {
  throw std::runtime_error("--bind " + bind.source + ": " + error.code().message());
}

std::vector<Tree> collect_trees(const RootOptions& options, const Identity& identity,
                                std::vector<Link>& links) {
  std::vector<Tree> trees;
  collect_system(trees, links);
  for (const Bind& bind : options.binds) {
    require_own_place(trees, bind);
    trees.push_back(copy_bind(bind));
  }
  for (const char* device : {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"}) {
    trees.push_back(copy_tree(device, kDevice));
  }
  // What is mounted within /proc would make it count as hidden; an ordinary user cannot leave it out.
  trees.push_back(copy_tree("/proc", kProc, identity.privileged ? 0 : AT_RECURSIVE));
  for (const auto& [name, target] : {std::pair{"fd", "/proc/self/fd"},
                                     {"stdin", "/proc/self/fd/0"},
                                     {"stdout", "/proc/self/fd/1"},
                                     {"stderr", "/proc/self/fd/2"},
                                     {"shm", "/tmp"}}) {
    links.push_back({std::string("/dev/") + name, target});
  }
  return trees;
}

void write_etc(const fs::path& root, const std::vector<EtcFile>& files) {
  for (const EtcFile& file : files) {
    const fs::path path = root / "etc" / file.path;
    fs::create_directories(path.parent_path());
    if (file.symlink) {
      fs::create_symlink(file.content, path);
      continue;
    }
    const UniqueFd out(check(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644),
                             "create " + path.string()));
    const ssize_t written = ::write(out.get(), file.content.data(), file.content.size());
    if (check(written, "write " + path.string()) != static_cast<ssize_t>(file.content.size())) {
      throw std::runtime_error("no room for " + path.string());
    }
  }
}

// An empty file or folder to mount upon. What an earlier tree already brought needs none. place: its path in the box.
void make_mount_point(const fs::path& path, const std::string& place, bool folder) {
  std::error_code error;
  if (fs::exists(path)) return;
  fs::create_directories(folder ? path : path.parent_path(), error);
  if (error)
    throw std::runtime_error("there is no " + place +
                             " in the box to mount upon, and none can be made there: " + error.message());
  if (!folder)
    UniqueFd(check(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644), "create " + path.string()));
}

// What an earlier tree brought may hold absolute symlinks, which lead to the host as long as its root is ours.
void require_within(const fs::path& root, const fs::path& target) {
  const fs::path resolved = fs::weakly_canonical(target);
  if (!resolved.native().starts_with(fs::canonical(root).native() + "/"))
    throw std::runtime_error("a symlink leads from " + target.string() +
                             " out of the box: nothing is mounted there");
}

void attach_trees(const fs::path& root, const std::vector<Tree>& trees) {
  for (const Tree& tree : trees) {
    const fs::path target = root / tree.target.substr(1);
    require_within(root, target);
    make_mount_point(target, tree.target, tree.folder);
    check(::move_mount(tree.mount.get(), "", AT_FDCWD, target.c_str(), MOVE_MOUNT_F_EMPTY_PATH),
          "mount " + tree.target + " inside");
  }
}

// pivot_root(2) with new and old root at one place, then the old one is detached from above.
void change_root(const char* path) {
  check(::chdir(path), "enter the new root");
  check(pivot_root(".", "."), "pivot_root");
  check(::umount2(".", MNT_DETACH), "detach the old root");
  check(::chdir("/"), "enter the new root");
}

void make_root_read_only() {
  mount_attr change{};
  change.attr_set = kReadOnly;
  check(::mount_setattr(AT_FDCWD, "/", 0, &change, sizeof change), "make the root read-only");
}

}  // namespace

void enter_new_root(const RootOptions& options, const Identity& identity) {
  check(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "keep our mounts to ourselves");
  std::vector<Link> links;
  const std::vector<Tree> trees = collect_trees(options, identity, links);
  const std::vector<EtcFile> etc = collect_etc(options, identity);
  check(::mount("tmpfs", kAssembly, "tmpfs", MS_NOSUID | MS_NODEV, kRootOptions), "mount the root's tmpfs");
  ::umask(022);
  const fs::path root = kAssembly;
  for (const char* folder : {"work", "tmp", "proc", "dev", "etc"}) fs::create_directory(root / folder);
  for (const Link& link : links) fs::create_symlink(link.target, root / link.path.substr(1));
  write_etc(root, etc);
  attach_trees(root, trees);
  change_root(kAssembly);
  make_root_read_only();
}

}  // namespace rota::sandbox
