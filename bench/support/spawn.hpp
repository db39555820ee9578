#pragma once
// The baseline of most benchmarks: what a program costs with posix_spawn(3) and
// waitpid(2) and nothing around it.

#include <string>
#include <vector>

namespace rota::bench {

// Runs the program argv[0] (a path) with stdin and stdout at /dev/null and waits for it. Throws
// std::system_error where it cannot be started and std::runtime_error unless it exits 0: a benchmark of
// something that fails measures nothing.
void spawn_and_wait(const std::vector<std::string>& argv);

}  // namespace rota::bench
