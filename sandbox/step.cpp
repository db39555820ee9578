#include "sandbox/step.hpp"

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

#include "base/shortened.hpp"

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
    "choose the batch scheduling policy",
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
    "go back to the normal scheduling policy",
    "start the program",
};

std::string_view reason_for(std::string_view program, int error) {
  if (error == ENOENT && program.find('/') == std::string_view::npos)
    return " in /usr/local/bin, /usr/bin or /bin of the box";
  if (error == ENOENT)
    return " in the box, or not the interpreter that it names; --input and --bind bring files of the host";
  if (error == EACCES) return ": not an executable file";
  if (error == ENOEXEC) return ": neither a program for this machine nor a script that begins with #!";
  return "";
}

}  // namespace

std::string describe_start_failure(std::string_view program, int error) {
  constexpr std::size_t kMostShown = 256;
  return "start " + std::string(shortened(program, kMostShown)) + ": " +
         std::generic_category().message(error) + std::string(reason_for(program, error));
}

std::string describe_failure(Step step, int error) {
  const auto index = static_cast<std::size_t>(step);
  const std::string_view name = index < kNames.size() ? kNames[index] : "an unknown step";
  return std::string(name) + ": " + std::generic_category().message(error);
}

}  // namespace rota::sandbox
