#pragma once
// Killing a child of ours and waiting for its end, which the kernel may fail to bring about (a process in
// uninterruptible sleep). Whoever waited for that without a bound would wait for ever.

#include <sys/types.h>

#include <chrono>

namespace rota::sandbox {

inline constexpr std::chrono::seconds kWindUpBound{20};  // from the kill to the end

// Sends SIGKILL and reaps. Gives up where the process has not ended within kWindUpBound. A child that was reaped already
// is no error.
void end_process(pid_t child, int pidfd);

// The kernel does not end what we have killed, so we go, with a word on stderr: our caller starts another box, and what
// is left dies with us if it can.
[[noreturn]] void give_up();

}  // namespace rota::sandbox
