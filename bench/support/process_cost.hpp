#pragma once
// What another process has cost until now, from proc(5).

#include <sys/types.h>

#include <chrono>
#include <cstdint>

namespace rota::bench {

// User and system time of all its threads, in the kernel's clock ticks (10 ms). Throws std::runtime_error where there is no
// such process.
std::chrono::microseconds cpu_time_of(pid_t pid);

// Anonymous memory that is in RAM (RssAnon): what it has allocated and touched.
std::uint64_t memory_bytes_of(pid_t pid);

}  // namespace rota::bench
