#pragma once
// The table of seccomp_table.hpp as the BPF program that the kernel takes. Built once by libseccomp at start;
// each run's payload loads the ready bytes.

#include <linux/filter.h>

#include <vector>

#include "sandbox/spec.hpp"

namespace rota::sandbox {

using SeccompProgram = std::vector<sock_filter>;

// Throws std::system_error where libseccomp or the kernel refuses.
SeccompProgram build_seccomp_program();

Layer seccomp_layer(const SeccompProgram& program);

}  // namespace rota::sandbox
