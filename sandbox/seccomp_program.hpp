#pragma once
// The table of seccomp_table.hpp as the BPF program that the kernel takes. Built by libseccomp once at start; the
// zygote loads it, and every process of every run is born under it at no cost.
//
// A few calls that only setting up a run needs (set_up_calls()) pass for who knows the key: a random number that the
// box draws at its start and that stands in an argument which the kernel ignores. The zygote, init and the payload
// before exec know it. Exec replaces memory and registers, so no program does; and were it guessed, programs still
// have none of the capabilities that the calls ask for (but for user namespaces, which ask for none).

#include <linux/filter.h>

#include <cstdint>
#include <vector>

#include "sandbox/spec.hpp"

namespace rota::sandbox {

struct SeccompProgram {
  std::vector<sock_filter> code;
  std::uint64_t key = 0;

  // Borrows the code.
  sock_fprog program() const {
    return {static_cast<unsigned short>(code.size()), const_cast<sock_filter*>(code.data())};
  }
};

// The argument, counted from 0, that holds the key.
inline constexpr unsigned kKeyArgument = 5;

// Throws std::system_error where libseccomp or the kernel refuses.
SeccompProgram build_seccomp_program();

Layer seccomp_layer(const SeccompProgram& program);

}  // namespace rota::sandbox
