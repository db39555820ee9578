#pragma once
// Which system calls judged programs may make, as one table of {calls, condition, action, why}. What
// the table does not name is refused: a call that libseccomp knows by name ends the run, which is told with
// its name and arguments; a number newer than libseccomp fails with ENOSYS as on an older kernel, because C
// libraries try new calls before old ones.

#include <cstdint>
#include <span>

namespace rota::sandbox {

enum class SeccompAction {
  allow,
  end_run,  // the supervisor is notified (seccomp_unotify(2)), names the call and ends the run
  fail,     // with an errno, where runtimes try the call and go on without
  pretend,  // 0 comes back, and nothing is done
};

enum class SeccompTest {
  always,
  equals,      // all 64 bits of the argument
  differs,     // in any of the 64 bits
  no_bit_of,   // none of the bits of value is set
  any_bit_of,  // at least one of them
};

struct SeccompRow {
  const char* calls;  // names, separated by single spaces
  SeccompAction action = SeccompAction::allow;
  int error = 0;  // of SeccompAction::fail
  SeccompTest test = SeccompTest::always;
  unsigned argument = 0;  // 0 to 5
  std::uint64_t value = 0;
  const char* why = "";
};

std::span<const SeccompRow> seccomp_table();

// What setting up a run needs and no program may do: see seccomp_program.hpp.
std::span<const char* const> set_up_calls();

}  // namespace rota::sandbox
