#include "judge-node/active_job.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "judge-node/placeholders.hpp"
#include "judge-node/source_name.hpp"
#include "judge-node/submission_check.hpp"

namespace rota::node {

void ActiveJob::start_compile(std::span<const CompileStep> steps, const std::string& warm) {
  CompileInput input{submitted_files(), values()};
  input.values.texts.emplace(placeholder::kWarm, warm);
  compile.emplace(steps, std::move(input));
}

sandbox::RunSpec ActiveJob::run_spec() {
  const Language& language = job.language();
  const auto& environment = job.submission().environment;
  sandbox::RunSpec spec = spec_of(language.run, job.limits(), values(), language.outputs());
  spec.environment.insert(spec.environment.end(), environment.begin(), environment.end());
  if (language.run_needs_source()) {
    spec.inputs = submitted_files();
  } else if (!job.submission().files.empty()) {
    spec.inputs = data_files();
  }
  if (program) add_program(spec);
  if (!job.submission().stdin_bytes.empty()) {
    stdin_ = MemoryFile::sealed(job.submission().stdin_bytes);
    spec.stdin_fd = stdin_->fd();
  }
  stdout_ = MemoryFile::sink();
  stderr_ = MemoryFile::sink();
  spec.stdout_fd = stdout_->fd();
  spec.stderr_fd = stderr_->fd();
  return spec;
}

void ActiveJob::add_program(sandbox::RunSpec& spec) const {
  // Where judged code runs as our own user it owns the file, and could take away everybody's right to start it.
  const bool from_memory = job.language().run.from_memory && ::geteuid() == 0;
  if (from_memory) spec.program_fd = program->artifacts.front().file.fd();
  for (const Artifact& artifact : program->artifacts) {
    if (from_memory && &artifact == &program->artifacts.front()) continue;
    spec.inputs.push_back({.name = artifact.name, .fd = artifact.file.fd(), .executable = true});
  }
}

RunOutcome ActiveJob::outcome(sandbox::RunReply reply) const {
  const auto max_bytes = job.limits().output_bytes;
  return {std::move(reply.report), stdout_->read(max_bytes), stderr_->read(max_bytes)};
}

std::vector<sandbox::InputFile> ActiveJob::submitted_files() {
  const protocol::Submit& submission = job.submission();
  if (files_.empty()) {
    files_.push_back(MemoryFile::sealed(submission.source));
    for (const protocol::ProjectFile& file : submission.files)
      files_.push_back(MemoryFile::sealed(file.content));
  }
  std::vector<sandbox::InputFile> inputs{
      {.name = job.source_name(), .fd = files_[0].fd(), .executable = false}};
  for (std::size_t i = 0; i < submission.files.size(); ++i)
    inputs.push_back({.name = submission.files[i].name, .fd = files_[i + 1].fd(), .executable = false});
  return inputs;
}

// What is not a source of the program may be read by it.
std::vector<sandbox::InputFile> ActiveJob::data_files() {
  const auto sources = sources_of(job.submission(), job.source_name());
  auto inputs = submitted_files();
  std::erase_if(inputs, [&](const sandbox::InputFile& input) {
    return std::find(sources.begin(), sources.end(), input.name) != sources.end();
  });
  return inputs;
}

PlaceholderValues ActiveJob::values() const {
  PlaceholderValues values;
  values.texts.emplace(placeholder::kSource, job.source_name());
  values.texts.emplace(placeholder::kStem, stem_of(job.source_name()));
  const protocol::Submit& submission = job.submission();
  values.lists.emplace(placeholder::kArguments, submission.arguments);
  values.lists.emplace(placeholder::kSources, sources_of(submission, job.source_name()));
  values.lists.emplace(placeholder::kFlags, submission.compile_flags);
  values.lists.emplace(placeholder::kLinkFlags, submission.link_flags);
  return values;
}

}  // namespace rota::node
