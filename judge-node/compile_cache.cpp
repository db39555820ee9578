#include "judge-node/compile_cache.hpp"

namespace rota::node {
namespace {

// The entry itself, its key, report and list nodes, generously.
constexpr std::uint64_t kOverheadBytes = 4096;

std::uint64_t bytes_of(const CompiledProgram& program) {
  std::uint64_t bytes = kOverheadBytes + program.output.size();
  for (const Artifact& artifact : program.artifacts) bytes += artifact.size;
  return bytes;
}

}  // namespace

CompileCache::Claim CompileCache::claim(const std::string& key, JobNumber job) {
  if (const auto found = entries_.find(key); found != entries_.end()) {
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    return {Turn::hit, found->second->program};
  }
  const auto [waiting, is_first] = in_progress_.try_emplace(key);
  if (is_first) return {Turn::lead, nullptr};
  waiting->second.push_back(job);
  return {Turn::wait, nullptr};
}

std::vector<CompileCache::JobNumber> CompileCache::finish(const std::string& key, const ProgramPtr& program) {
  if (made_program(*program)) keep(key, program);
  return abandon(key);
}

std::vector<CompileCache::JobNumber> CompileCache::abandon(const std::string& key) {
  const auto node = in_progress_.extract(key);
  return node.empty() ? std::vector<JobNumber>() : node.mapped();
}

void CompileCache::leave(const std::string& key, JobNumber job) {
  if (const auto found = in_progress_.find(key); found != in_progress_.end()) std::erase(found->second, job);
}

void CompileCache::keep(const std::string& key, const ProgramPtr& program) {
  const std::uint64_t bytes = bytes_of(*program);
  const std::size_t files = program->artifacts.size();
  if (bytes > bounds_.max_bytes || files > bounds_.max_files || bounds_.max_entries == 0) return;
  if (entries_.contains(key)) return;
  while (!has_room(bytes, files)) drop_oldest();
  by_use_.push_front({key, program, bytes});
  entries_.emplace(key, by_use_.begin());
  bytes_ += bytes;
  files_ += files;
}

bool CompileCache::has_room(std::uint64_t bytes, std::size_t files) const {
  return bytes_ + bytes <= bounds_.max_bytes && files_ + files <= bounds_.max_files &&
         entries_.size() < bounds_.max_entries;
}

void CompileCache::drop_oldest() {
  bytes_ -= by_use_.back().bytes;
  files_ -= by_use_.back().program->artifacts.size();
  entries_.erase(by_use_.back().key);
  by_use_.pop_back();
}

}  // namespace rota::node
