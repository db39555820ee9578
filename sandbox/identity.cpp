#include "sandbox/identity.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <string>

#include "base/check.hpp"
#include "base/unique_fd.hpp"
#include "sandbox/syscalls.hpp"

namespace rota::sandbox {
namespace {

constexpr uid_t kNobody = 65534;

bool has_capability(int capability) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  check(::syscall(SYS_capget, &header, data), "read our capabilities");
  return (data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability)) != 0;
}

bool may_do_everything() {
  for (const int capability :
       {CAP_SYS_ADMIN, CAP_SETUID, CAP_SETGID, CAP_SETPCAP, CAP_CHOWN, CAP_DAC_OVERRIDE}) {
    if (!has_capability(capability)) return false;
  }
  return ::geteuid() == 0;
}

struct IdRange {
  std::uint64_t inside = 0, outside = 0, count = 0;
};

std::vector<IdRange> read_map(const char* path) {
  std::ifstream file(path);
  std::vector<IdRange> ranges;
  for (IdRange range; file >> range.inside >> range.outside >> range.count;) ranges.push_back(range);
  return ranges;
}

bool is_mapped(const std::vector<IdRange>& map, std::uint64_t id) {
  for (const IdRange& range : map) {
    if (id >= range.inside && id - range.inside < range.count) return true;
  }
  return false;
}

std::uint32_t own_id() {
  return kFirstOwnId + static_cast<std::uint32_t>(::getpid());
}

std::uint32_t choose_id(std::optional<std::uint32_t> wanted, const std::vector<IdRange>& map,
                        bool privileged) {
  const std::uint32_t own = own_id();
  const std::uint32_t id = wanted.value_or(!privileged || is_mapped(map, own) ? own : kNobody);
  if (id == 0) throw std::invalid_argument("judged programs are not run as user or group 0");
  if (privileged && !is_mapped(map, id)) {
    throw std::invalid_argument("user or group " + std::to_string(id) +
                                " does not exist in our user namespace");
  }
  return id;
}

void write_file(const std::string& path, const std::string& text, int folder = AT_FDCWD) {
  const UniqueFd file(check(::openat(folder, path.c_str(), O_WRONLY | O_CLOEXEC), "open " + path));
  check(::write(file.get(), text.data(), text.size()), "write " + path);
}

// user_namespaces(7): the administrator may have set it to 0.
std::string why_no_user_namespace() {
  std::ifstream file("/proc/sys/user/max_user_namespaces");
  long most = 0;
  if (!(file >> most)) return "the kernel has none";
  return most > 0 ? "" : "user.max_user_namespaces is 0";
}

void make_user_namespace() {
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) return;
  const std::string why = std::generic_category().message(errno);
  throw std::runtime_error(
      "make a user namespace: " + why +
      ", without which only root can make a box; see sysctl user.max_user_namespaces, and "
      "kernel.unprivileged_userns_clone or AppArmor where the host has them");
}

// Root of a user namespace in which no other user exists (a rootless container) has none to give to programs.
bool has_users_to_give(const std::vector<IdRange>& map, std::optional<std::uint32_t> wanted) {
  return is_mapped(map, own_id()) || is_mapped(map, kNobody) || (wanted && is_mapped(map, *wanted));
}

}  // namespace

Identity choose_identity(std::optional<uid_t> uid, std::optional<gid_t> gid) {
  Identity identity;
  const auto users = read_map("/proc/self/uid_map");
  const auto groups = read_map("/proc/self/gid_map");
  identity.privileged =
      may_do_everything() && has_users_to_give(users, uid) && has_users_to_give(groups, gid);
  if (identity.privileged) identity.no_user_namespace = why_no_user_namespace();
  identity.uid = choose_id(uid, users, identity.privileged);
  identity.gid = choose_id(gid, groups, identity.privileged);
  return identity;
}

void enter_own_namespaces(const Identity& identity) {
  if (identity.privileged) {
    check(::unshare(CLONE_NEWNS), "make a mount namespace");
    return;
  }
  const auto outer_user = std::to_string(::geteuid());
  const auto outer_group = std::to_string(::getegid());
  make_user_namespace();
  write_file("/proc/self/setgroups", "deny");  // else the kernel refuses gid_map, see user_namespaces(7)
  write_file("/proc/self/uid_map", std::to_string(identity.uid) + " " + outer_user + " 1");
  write_file("/proc/self/gid_map", std::to_string(identity.gid) + " " + outer_group + " 1");
}

void map_only(const Identity& identity, int proc, pid_t child) {
  const auto map_to_itself = [](std::uint32_t id) {
    return std::to_string(id) + " " + std::to_string(id) + " 1";
  };
  const std::string folder = std::to_string(child);
  write_file(folder + "/uid_map", map_to_itself(identity.uid), proc);
  write_file(folder + "/gid_map", map_to_itself(identity.gid), proc);
}

std::vector<Layer> identity_layers(const Identity& identity) {
  const std::string ids = "uid " + std::to_string(identity.uid) + ", gid " + std::to_string(identity.gid);
  if (identity.privileged) {
    return {{"own-user", true, ids},
            {"user-namespace", identity.no_user_namespace.empty(),
             identity.no_user_namespace.empty() ? "of the box: no user but its own exists there"
                                                : identity.no_user_namespace,
             identity.no_user_namespace.empty()},
            {"supplementary-groups", true, "none"}};
  }
  const bool has_groups = ::getgroups(0, nullptr) > 0;
  return {{"own-user", false,
           "not root: programs run as the user who started the box, shown inside as " + ids, false},
          {"user-namespace", true, "the one user is mapped"},
          {"supplementary-groups", !has_groups,
           has_groups ? "not root: the groups of the user who started the box stay" : "none", false}};
}

}  // namespace rota::sandbox
