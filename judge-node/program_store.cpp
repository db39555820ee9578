#include "judge-node/program_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/byte_fields.hpp"
#include "judge-node/program_store_format.hpp"

namespace rota::node {
namespace {

constexpr std::chrono::minutes kBetweenComplaints{1};

}  // namespace

ProgramStore::ProgramStore(const std::filesystem::path& folder, ProgramStoreBounds bounds, Warn warn)
    : bounds_(bounds), warn_(std::move(warn)), folder_(folder) {
  take_stock();
}

std::optional<CompiledProgram> ProgramStore::load(const std::string& key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return std::nullopt;
  const Place entry = found->second;
  try {
    CompiledProgram program = decode_program(key, folder_.read(key, bounds_.max_entry_bytes));
    folder_.mark_used(key);
    by_use_.splice(by_use_.begin(), by_use_, entry);
    return program;
  } catch (const BadBytes& problem) {
    discard(entry, problem.what());
  } catch (
      const std::exception& problem) {  // of this process, such as no descriptor left: the entry may be good
    complain(fmt::format("a program is not read: {}", problem.what()));
  }
  return std::nullopt;
}

void ProgramStore::save(const std::string& key, const CompiledProgram& program) {
  try {
    if (is_kept(key, program)) keep(key, encode_program(key, program));
  } catch (const std::exception& problem) {
    complain(fmt::format("a program is not kept: {}", problem.what()));
  }
}

void ProgramStore::take_stock() {
  std::vector<StoreFolder::File> files = folder_.files();
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.used < b.used; });
  std::size_t removed = 0;
  for (const StoreFolder::File& file : files) {
    if (is_entry(file)) {
      add(file.name, file.bytes);
    } else if (!file.is_folder) {
      folder_.remove(file.name);
      removed += file.name != StoreFolder::kTemporary;
    }
  }
  if (removed > 0) warn(fmt::format("{} files that are no programs were removed", removed));
  while (!has_room(0, 0)) drop(std::prev(by_use_.end()));
}

bool ProgramStore::is_entry(const StoreFolder::File& file) const {
  return file.is_ours && is_program_key(file.name) && file.bytes <= bounds_.max_entry_bytes;
}

// Before the program is copied: whether it may be kept at all.
bool ProgramStore::is_kept(const std::string& key, const CompiledProgram& program) const {
  if (!is_program_key(key) || !made_program(program)) return false;
  std::uint64_t bytes = program.output.size();
  for (const Artifact& artifact : program.artifacts) bytes += artifact.file.size();
  return bytes <= bounds_.max_entry_bytes;
}

void ProgramStore::keep(const std::string& key, const std::string& bytes) {
  const std::uint64_t size = bytes.size();
  if (size > bounds_.max_entry_bytes || size > bounds_.max_bytes || bounds_.max_entries == 0) return;
  if (const auto known = entries_.find(key); known != entries_.end()) drop(known->second);
  while (!has_room(1, size)) drop(std::prev(by_use_.end()));
  folder_.write(key, bytes);
  add(key, size);
}

void ProgramStore::add(const std::string& key, std::uint64_t bytes) {
  by_use_.push_front({key, bytes});
  entries_.emplace(key, by_use_.begin());
  bytes_ += bytes;
}

bool ProgramStore::has_room(std::size_t entries, std::uint64_t bytes) const {
  return entries_.size() + entries <= bounds_.max_entries && bytes_ + bytes <= bounds_.max_bytes;
}

// Throws std::system_error where the file cannot be removed; then the entry is still known, and counts.
void ProgramStore::drop(Place entry) {
  folder_.remove(entry->key);
  forget(entry);
}

void ProgramStore::forget(Place entry) {
  bytes_ -= entry->bytes;
  entries_.erase(entry->key);
  by_use_.erase(entry);
}

void ProgramStore::discard(Place entry, const std::string& reason) {
  const std::string key = entry->key;
  forget(entry);
  warn(fmt::format("the program {} is removed: {}", key, reason));
  try {
    folder_.remove(key);
  } catch (const std::exception& problem) {
    complain(fmt::format("a program is not removed: {}", problem.what()));
  }
}

void ProgramStore::complain(const std::string& problem) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_complaint_) return;
  next_complaint_ = now + kBetweenComplaints;
  warn(problem);
}

void ProgramStore::warn(const std::string& message) const {
  warn_(fmt::format("program store {}: {}", folder_.path().string(), message));
}

}  // namespace rota::node
