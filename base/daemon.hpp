#pragma once
// What the daemons have in common beside their event loop: names, folders, and how they say that they are
// ready.

#include <filesystem>
#include <string>

namespace rota {

inline constexpr int kUsageError = 64;  // exit status: the call makes no sense; EX_USAGE of sysexits.h

// This machine's name (gethostname(2)), or "localhost".
std::string host_name();

// Where a program keeps its state: /var/lib/rota/NAME for root, else rota/NAME below XDG_STATE_HOME, or below
// ~/.local/state where that is unset or relative (XDG Base Directory Specification).
std::filesystem::path default_state_dir(const std::string& name);

// Writes the address and a newline to a descriptor that was handed over for that, and closes it. fd -1:
// nobody asks. Throws std::system_error where it cannot be written.
void tell_ready(int fd, const std::string& address);

// Asks the kernel to let this thread run soon after it is woken: its turns are short, and somebody waits for each. Threads and
// processes that it starts are as any others. Linux 6.12 and later know such requests (sched_setattr(2), sched_runtime of
// SCHED_OTHER: the length of a slice); older ones go on as they were.
void ask_for_short_slices();

}  // namespace rota
