#pragma once
// A compile in progress: steps one after the other, each of which finds what the one before has made. Makes the requests
// for a box and puts the answers together; knows no boxes.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "judge-node/compiled_program.hpp"
#include "judge-node/language.hpp"
#include "judge-node/memory_file.hpp"
#include "judge-node/placeholders.hpp"
#include "sandbox/spec.hpp"

namespace rota::node {

// What a step finds in /work beside its predecessor's outputs, and what its command is told.
struct CompileInput {
  std::vector<sandbox::InputFile> files;
  PlaceholderValues values;
};

class CompileRun {
 public:
  // Programs are kept in memory while they run and while they are cached.
  static constexpr std::uint64_t kMaxProgramBytes = 64ull << 20;

  // At least one step. They outlive this, as do the input's descriptors. max_bytes: of each output.
  CompileRun(std::span<const CompileStep> steps, CompileInput input,
             std::uint64_t max_bytes = kMaxProgramBytes);

  // The request for the next step; its sinks are this object's.
  sandbox::RunSpec next_spec();

  // What the box answered. False: that was the last step, be it that it failed; then take_program().
  bool step_ended(sandbox::RunReply reply);

  std::shared_ptr<CompiledProgram> take_program() { return std::move(program_); }

 private:
  void take_outputs(const sandbox::RunReply& reply, const CompileStep& step);

  std::span<const CompileStep> steps_;  // those that are still to come, the one in progress first
  CompileInput input_;
  std::uint64_t max_bytes_;
  std::shared_ptr<CompiledProgram> program_;
  MemoryFile output_;
};

// A request with what steps of any kind have. The values of {output}, {memory_mib} and {heap_mib} are added to those given.
sandbox::RunSpec spec_of(const Step& step, const protocol::Limits& limits, PlaceholderValues values,
                         const std::vector<std::string>& outputs);

}  // namespace rota::node
