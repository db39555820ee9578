#include "judge-node/compile_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/name_pattern.hpp"
#include "judge-node/compiler_output.hpp"
#include "judge-node/verdict.hpp"

namespace rota::node {
namespace {

constexpr std::uint64_t kLeastHeapMib = 8;

protocol::StepReport sum_of(const protocol::StepReport& before, protocol::StepReport last) {
  last.cpu_time += before.cpu_time;
  last.wall_time += before.wall_time;
  last.memory_bytes = std::max(last.memory_bytes, before.memory_bytes);
  last.stdout_bytes += before.stdout_bytes;
  last.stderr_bytes += before.stderr_bytes;
  last.stdout_cut |= before.stdout_cut;
  last.stderr_cut |= before.stderr_cut;
  last.process_limit_hit |= before.process_limit_hit;
  return last;
}

}  // namespace

sandbox::RunSpec spec_of(const Step& step, const protocol::Limits& limits, PlaceholderValues values,
                         const std::vector<std::string>& outputs) {
  const std::uint64_t memory_mib = limits.memory_bytes >> 20;
  const std::uint64_t heap_mib = std::max(memory_mib * step.heap_percent / 100, kLeastHeapMib);
  values.texts.emplace(placeholder::kMemory, std::to_string(memory_mib));
  values.texts.emplace(placeholder::kHeap, std::to_string(heap_mib));
  if (!outputs.empty()) values.texts.emplace(placeholder::kOutput, outputs.front());
  sandbox::RunSpec spec;
  spec.argv = expand(step.argv, values);
  spec.environment = expand(step.environment, values);
  spec.limits = limits;
  spec.free_address_space = step.address_space == AddressSpace::free;
  if (step.address_space == AddressSpace::memory) spec.address_space_bytes = limits.memory_bytes;
  return spec;
}

CompileRun::CompileRun(std::span<const CompileStep> steps, CompileInput input, std::uint64_t max_bytes)
    : steps_(steps),
      input_(std::move(input)),
      max_bytes_(max_bytes),
      program_(std::make_shared<CompiledProgram>()),
      output_(MemoryFile::sink()) {}

// stdout and stderr share a sink: the messages stand in the order in which they were written.
sandbox::RunSpec CompileRun::next_spec() {
  const CompileStep& step = steps_.front();
  output_ = MemoryFile::sink();
  sandbox::RunSpec spec = spec_of(step, step.limits, input_.values, step.outputs);
  spec.inputs = input_.files;
  for (const Artifact& made : program_->artifacts)
    spec.inputs.push_back({.name = made.name, .fd = made.file.fd(), .executable = true});
  spec.outputs = step.outputs;
  spec.output_file_bytes = max_bytes_;
  spec.stdout_fd = output_.fd();
  spec.stderr_fd = output_.fd();
  return spec;
}

bool CompileRun::step_ended(sandbox::RunReply reply) {
  const CompileStep& step = steps_.front();
  program_->output += readable_output(output_.read(2 * step.limits.output_bytes),
                                      reply.report.stdout_cut || reply.report.stderr_cut);
  if (succeeded(reply.report)) take_outputs(reply, step);
  program_->report = sum_of(program_->report, std::move(reply.report));
  program_->limits = step.limits;
  steps_ = steps_.subspan(1);
  return !steps_.empty() && made_program(*program_);
}

void CompileRun::take_outputs(const sandbox::RunReply& reply, const CompileStep& step) {
  std::vector<Artifact> made;
  for (const std::string& asked : step.outputs) {
    const auto count = made.size();
    for (const sandbox::OutputFile& file : reply.outputs) {
      if (fits(file.name, asked))
        made.push_back({file.name, MemoryFile::sealed_copy(file.file.get(), file.size), file.size});
    }
    if (made.size() > count) continue;
    program_->problem = fmt::format("it ended without an error, but made no file '{}' of at most {}", asked,
                                    readable_bytes(max_bytes_));
    return;
  }
  // More would not go into a box again, and what a pattern finds past the bound does not even come out of one.
  if (made.size() >= sandbox::kMaxOutputs || made.size() + input_.files.size() > sandbox::kMaxInputs) {
    program_->problem =
        fmt::format("it made {} files; together with those that were submitted, {} are the most", made.size(),
                    sandbox::kMaxInputs);
    return;
  }
  program_->artifacts = std::move(made);
}

}  // namespace rota::node
