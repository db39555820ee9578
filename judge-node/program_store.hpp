#pragma once
// Compiled programs on disk, least recently used out first: what stands behind the CompileCache, so that a restart of
// the node costs no compiles. One file for each program, named by its key; program_store_format.hpp tells what is in
// it, store_folder.hpp how it gets there. The last use is the file's time of modification.
//
// Nothing that stands on the disk is believed: a file that is not whole and the key's own is removed, and the program
// is compiled anew. Both calls read or write the disk at once, where they are called; the class is for one thread.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

#include "judge-node/compiled_program.hpp"
#include "judge-node/store_folder.hpp"

namespace rota::node {

struct ProgramStoreBounds {
  std::uint64_t max_bytes = 1ull << 30;  // of all files together
  std::size_t max_entries = 20'000;
  // Of a file; a program that needs more is not kept, since it would keep the loop waiting for the disk.
  std::uint64_t max_entry_bytes = 8ull << 20;
};

class ProgramStore {
 public:
  using Warn = std::function<void(const std::string& message)>;

  // Takes up the folder as StoreFolder does, with its errors. Files that are no entries are removed (folders are left
  // alone), then the oldest entries until the bounds hold. `warn` is told, one line a time, what a person should know.
  ProgramStore(const std::filesystem::path& folder, ProgramStoreBounds bounds, Warn warn);

  // nullopt where the store does not have it, or no more: an entry with anything wrong is removed and warned of. Throws
  // nothing.
  std::optional<CompiledProgram> load(const std::string& key);

  // Keeps the program, in place of what the key had, where it was made (made_program), fits the bounds and has a valid
  // key; drops others for it. Throws nothing: a disk that does not take it is warned of, once a minute at most.
  void save(const std::string& key, const CompiledProgram& program);

  std::size_t entries() const { return entries_.size(); }
  std::uint64_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::string key;
    std::uint64_t bytes;
  };
  using Place = std::list<Entry>::iterator;

  void take_stock();
  bool is_entry(const StoreFolder::File& file) const;
  bool is_kept(const std::string& key, const CompiledProgram& program) const;
  void keep(const std::string& key, const std::string& bytes);
  void add(const std::string& key, std::uint64_t bytes);
  bool has_room(std::size_t entries, std::uint64_t bytes) const;
  void drop(Place entry);
  void forget(Place entry);
  void discard(Place entry, const std::string& reason);
  void complain(const std::string& problem);
  void warn(const std::string& message) const;

  ProgramStoreBounds bounds_;
  Warn warn_;
  StoreFolder folder_;
  std::list<Entry> by_use_;  // most recent first
  std::unordered_map<std::string, Place> entries_;
  std::uint64_t bytes_ = 0;
  std::chrono::steady_clock::time_point next_complaint_{};
};

}  // namespace rota::node
