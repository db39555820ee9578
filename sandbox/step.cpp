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
    "set a resource limit that all runs have",
    "open the counts of sockets",
    "become the first victim of the OOM killer",
    "reset signals",
    "drop the capability bounding set",
    "lock the securebits",
    "drop supplementary groups",
    "clear ambient capabilities",
    "clear capabilities",
    "set no_new_privs",
    "load the seccomp filter",
    "start the run's init",
    "mount /proc",
    "start the payload's process",
    "drop init's capabilities",
    "wait for the payload",
    "start a session",
    "change to the box's group",
    "change to the box's user",
    "enter /work",
    "enter the Landlock domain",
    "leave the supervisor's descriptor table",
    "create an input file",
    "copy an input file",
    "set stdin, stdout and stderr",
    "set a resource limit",
    "use all cores",
    "start the program",
};

}  // namespace

std::string describe_failure(Step step, int error) {
  const auto index = static_cast<std::size_t>(step);
  const std::string_view name = index < kNames.size() ? kNames[index] : "an unknown step";
  return std::string(name) + ": " + std::generic_category().message(error);
}

}  // namespace rota::sandbox
