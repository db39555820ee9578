#pragma once
// What a compile step made: shared by the job that compiled, by jobs that waited for it, and by the cache.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "judge-node/memory_file.hpp"
#include "protocol/limits.hpp"
#include "protocol/step_report.hpp"

namespace rota::node {

struct Artifact {
  std::string name;  // in /work
  MemoryFile file;   // sealed
  std::uint64_t size = 0;
};

struct CompiledProgram {
  protocol::StepReport report;  // of all steps: times added up, the most memory, the end of the last
  protocol::Limits limits;      // of the last step
  std::string output;           // what the compiler wrote to stderr and stdout
  std::vector<Artifact> artifacts;
  std::string problem;  // why a compiler that ended well has not made its program; else empty
};

// The compiler ended well and made every file that it should.
bool made_program(const CompiledProgram& program);

using ProgramPtr = std::shared_ptr<const CompiledProgram>;

}  // namespace rota::node
