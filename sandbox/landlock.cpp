#include "sandbox/landlock.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/check.hpp"

namespace rota::sandbox {
namespace {

// What each version of the interface added, as the kernel's documentation lists it; versions newer than the last have
// what that one has, and more that we do not ask for.
constexpr std::array<int, 8> kFileRights{0, 13, 14, 15, 15, 16, 16, 16};  // LANDLOCK_ACCESS_FS_*, bits from 0
constexpr int kNetworkSince = 4;
constexpr int kScopesSince = 6;
constexpr int kQuietSince = 7;
constexpr std::uint64_t kBindAndConnectTcp = 3;          // LANDLOCK_ACCESS_NET_*
constexpr std::uint64_t kAbstractSocketsAndSignals = 3;  // LANDLOCK_SCOPE_*
constexpr std::uint32_t kLogNothingOfThisProgram = 1;    // LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF

}  // namespace

RulesetAttributes attributes_for(int abi) {
  const auto known = static_cast<std::size_t>(std::min<int>(abi, kFileRights.size() - 1));
  RulesetAttributes attributes;
  attributes.file_access = (1ull << kFileRights[known]) - 1;
  if (abi >= kNetworkSince) attributes.network_access = kBindAndConnectTcp;
  if (abi >= kScopesSince) attributes.scopes = kAbstractSocketsAndSignals;
  return attributes;
}

std::size_t size_for(int abi) {
  if (abi >= kScopesSince) return sizeof(RulesetAttributes);
  return abi >= kNetworkSince ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
}

LandlockRuleset make_landlock_ruleset() {
  LandlockRuleset ruleset;
  const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 1) {
    ruleset.error = errno;
    return ruleset;
  }
  ruleset.abi = static_cast<int>(abi);
  const RulesetAttributes attributes = attributes_for(ruleset.abi);
  ruleset.fd.reset(
      static_cast<int>(check(::syscall(SYS_landlock_create_ruleset, &attributes, size_for(ruleset.abi), 0),
                             "make a Landlock ruleset")));
  const UniqueFd root(check(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), "open the box's root"));
  landlock_path_beneath_attr beneath{};
  beneath.allowed_access = attributes.file_access;
  beneath.parent_fd = root.get();
  check(::syscall(SYS_landlock_add_rule, ruleset.fd.get(), LANDLOCK_RULE_PATH_BENEATH, &beneath, 0),
        "add a rule to the Landlock ruleset");
  if (ruleset.abi >= kQuietSince) ruleset.restrict_flags = kLogNothingOfThisProgram;
  return ruleset;
}

namespace {

Layer missing_layer(int error) {
  if (error == ENOSYS) return {"landlock", false, "this kernel was built without it", false};
  if (error == EOPNOTSUPP)
    return {"landlock", false, "switched off at boot: it has to stand in the kernel's lsm= list"};
  return {"landlock", false, std::string("the kernel refuses it: ") + std::strerror(error)};
}

}  // namespace

Layer landlock_layer(const LandlockRuleset& ruleset) {
  if (!ruleset.fd) return missing_layer(ruleset.error);
  std::string what = "ABI " + std::to_string(ruleset.abi) + ": files beneath the root";
  if (ruleset.abi >= kNetworkSince) what += ", no TCP";
  if (ruleset.abi >= kScopesSince) what += ", no signals or abstract sockets out of the run";
  return {"landlock", true, what};
}

}  // namespace rota::sandbox
