#include "sandbox/step.hpp"

#include <array>
#include <string_view>
#include <system_error>

namespace rota::sandbox {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Step::count_)> kNames{
    "ask to die with the supervisor",
    "join the cgroup",
    "make a cgroup namespace",
    "set the host name",
    "mount /work",
    "mount /tmp",
    "mount /proc",
    "open /work",
    "create an input file",
    "copy an input file",
    "hand an input file to the box's user",
    "start the payload's process",
    "drop init's capabilities",
    "wait for the payload",
    "start a session",
    "become the first victim of the OOM killer",
    "set stdin, stdout and stderr",
    "set a resource limit",
    "drop the capability bounding set",
    "lock the securebits",
    "drop supplementary groups",
    "change to the box's group",
    "change to the box's user",
    "clear ambient capabilities",
    "clear capabilities",
    "set no_new_privs",
    "reset signals",
    "mark descriptors close-on-exec",
    "enter /work",
    "load the seccomp filter",
    "start the program",
};

}  // namespace

std::string describe_failure(Step step, int error) {
  const auto index = static_cast<std::size_t>(step);
  const std::string_view name = index < kNames.size() ? kNames[index] : "an unknown step";
  return std::string(name) + ": " + std::generic_category().message(error);
}

}  // namespace rota::sandbox
