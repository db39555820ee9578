#pragma once
// Which forbidden system call a run made: the filter stops the caller and notifies the supervisor, who names the call
// and ends the run. See seccomp_unotify(2).

#include <linux/seccomp.h>

#include <optional>
#include <string>

namespace rota::sandbox {

// The next notification, in words: "ptrace(16, 1, 0, 0)". nullopt where a signal has made its caller go on, or
// die, in the meantime: the call was not made either way. Never waits while notifications is readable.
std::optional<std::string> read_forbidden_call(int notifications);

// Small numbers as such, others as hexadecimal; as many arguments as the call takes.
std::string describe_call(const seccomp_data& call);

}  // namespace rota::sandbox
