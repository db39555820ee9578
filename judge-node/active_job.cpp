#include "judge-node/active_job.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "judge-node/placeholders.hpp"
#include "judge-node/verdict.hpp"

namespace rota::node {
namespace {

// Programs are kept in memory while they run and while they are cached.
constexpr std::uint64_t kMaxArtifactBytes = 64ull << 20;

std::string_view first_output(const Language& language) {
  if (!language.compile || language.compile->outputs.empty()) return {};
  return language.compile->outputs.front();
}

const sandbox::OutputFile* find_output(const sandbox::RunReply& reply, const std::string& name) {
  const auto found = std::find_if(reply.outputs.begin(), reply.outputs.end(),
                                  [&](const auto& file) { return file.name == name; });
  return found == reply.outputs.end() ? nullptr : &*found;
}

void take_artifacts(CompiledProgram& program, const sandbox::RunReply& reply,
                    const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const sandbox::OutputFile* file = find_output(reply, name);
    if (file == nullptr) {
      program.problem = fmt::format("it ended without an error, but made no file '{}' of at most {}", name,
                                    readable_bytes(kMaxArtifactBytes));
      return;
    }
    program.artifacts.push_back({name, MemoryFile::sealed_copy(file->file.get(), file->size), file->size});
  }
}

}  // namespace

sandbox::RunSpec ActiveJob::compile_spec() {
  const CompileStep& step = *job.language().compile;
  sandbox::RunSpec spec = step_spec(step.argv, step.environment, step.limits);
  spec.inputs.push_back({.name = source_name(), .fd = source_->fd(), .executable = false});
  spec.outputs = step.outputs;
  spec.output_file_bytes = kMaxArtifactBytes;
  return spec;
}

sandbox::RunSpec ActiveJob::run_spec() {
  const RunStep& step = job.language().run;
  sandbox::RunSpec spec = step_spec(step.argv, step.environment, job.limits());
  if (job.language().run_needs_source()) {
    spec.inputs.push_back({.name = source_name(), .fd = source_->fd(), .executable = false});
  }
  if (program) {
    for (const Artifact& artifact : program->artifacts) {
      spec.inputs.push_back({.name = artifact.name, .fd = artifact.file.fd(), .executable = true});
    }
  }
  if (!job.submission().stdin_bytes.empty()) {
    stdin_ = MemoryFile::sealed(job.submission().stdin_bytes);
    spec.stdin_fd = stdin_->fd();
  }
  return spec;
}

ProgramPtr ActiveJob::compiled(sandbox::RunReply reply) const {
  auto compiled = std::make_shared<CompiledProgram>();
  const auto max_bytes = job.language().compile->limits.output_bytes;
  compiled->output = stderr_->read(max_bytes) + stdout_->read(max_bytes);
  if (succeeded(reply.report)) take_artifacts(*compiled, reply, job.language().compile->outputs);
  compiled->report = std::move(reply.report);
  return compiled;
}

RunOutcome ActiveJob::outcome(sandbox::RunReply reply) const {
  const auto max_bytes = job.limits().output_bytes;
  return {std::move(reply.report), stdout_->read(max_bytes), stderr_->read(max_bytes)};
}

std::uint64_t ActiveJob::bytes() const {
  const protocol::Submit& submission = job.submission();
  std::uint64_t bytes = submission.source.size() + submission.stdin_bytes.size();
  for (const std::string& argument : submission.arguments) bytes += argument.size();
  return bytes;
}

sandbox::RunSpec ActiveJob::step_spec(const std::vector<std::string>& argv,
                                      const std::vector<std::string>& environment,
                                      const protocol::Limits& limits) {
  if (!source_) source_ = MemoryFile::sealed(job.submission().source);
  stdout_ = MemoryFile::sink();
  stderr_ = MemoryFile::sink();
  sandbox::RunSpec spec;
  spec.argv = expand(argv, {.source = source_name(),
                            .output = first_output(job.language()),
                            .arguments = job.submission().arguments});
  spec.environment = environment;
  spec.limits = limits;
  spec.stdout_fd = stdout_->fd();
  spec.stderr_fd = stderr_->fd();
  return spec;
}

}  // namespace rota::node
