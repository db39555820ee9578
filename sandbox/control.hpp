#pragma once
// What init and the payload's process (before exec) tell the supervisor, over a SOCK_SEQPACKET socket pair
// that is close-on-exec. Messages are of one fixed size; nothing here allocates, since it runs after clone.
// The supervisor takes the end of the stream without an `ended` for the death of init.

#include <sys/types.h>

#include <cstdint>

#include "base/unique_fd.hpp"
#include "sandbox/step.hpp"

namespace rota::sandbox {

enum class ControlKind : std::uint32_t {
  failed,   // index: the Step; value: errno
  started,  // the payload's process exists
  ended,   // value: its wait status (wait(2)); all others are dead as well; bytes: largest RSS of any process
  output,  // index into RunSpec::outputs; bytes: its size; carries a descriptor
  // index into RunSpec::outputs; value: why, an errno; EFBIG: past the bound, EINVAL: not a file
  output_refused,
};

struct ControlMessage {
  ControlKind kind{};
  std::uint32_t index = 0;
  std::int32_t value = 0;
  std::uint64_t time_ns = 0;          // CLOCK_MONOTONIC: of the start, of the end
  std::uint64_t init_cpu_ns = 0;      // what init itself has used until now
  std::uint64_t children_cpu_ns = 0;  // what the processes that init has waited for used
  std::uint64_t bytes = 0;
};

// False where the supervisor is gone. fd -1: none.
bool send_control(int socket, const ControlMessage& message, int fd = -1) noexcept;

enum class ControlState { message, nothing_yet, closed };

// Never waits.
ControlState receive_control(int socket, ControlMessage& message, UniqueFd& fd) noexcept;

}  // namespace rota::sandbox
