#pragma once
// Compiled programs by key, least recently used out first, and the rule that equal compiles at the same time
// run once: the first job to claim a key leads, later ones wait for it. In memory only; knows no boxes and no
// jobs but by number.
//
// Only programs that were really made are kept: a compiler's refusal, a compile that was killed or broken is
// handed to those who wait (or not, as the node decides) and forgotten.

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "judge-node/compiled_program.hpp"

namespace rota::node {

struct CompileCacheBounds {
  std::uint64_t max_bytes = 256ull << 20;
  std::size_t max_entries = 4096;
  std::size_t max_files = 4096;  // artifacts of all entries, each an open descriptor
};

class CompileCache {
 public:
  using JobNumber = std::uint64_t;

  enum class Turn {
    hit,   // program is set
    lead,  // compile, then call finish() or abandon()
    wait,  // another job compiles this; its finish() or abandon() hands out this number
  };
  struct Claim {
    Turn turn;
    ProgramPtr program;
  };

  explicit CompileCache(CompileCacheBounds bounds = {}) : bounds_(bounds) {}

  Claim claim(const std::string& key, JobNumber job);

  // The leader's compile has ended. Keeps the program if it was made; returns who waited, in order.
  std::vector<JobNumber> finish(const std::string& key, const ProgramPtr& program);

  // The leader gave up without an outcome that concerns others. Returns who waited; one of them may claim it.
  std::vector<JobNumber> abandon(const std::string& key);

  // A job that waits has gone.
  void leave(const std::string& key, JobNumber job);

  std::size_t entries() const { return entries_.size(); }
  std::uint64_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::string key;
    ProgramPtr program;
    std::uint64_t bytes;
  };

  void keep(const std::string& key, const ProgramPtr& program);
  bool has_room(std::uint64_t bytes, std::size_t files) const;
  void drop_oldest();

  CompileCacheBounds bounds_;
  std::list<Entry> by_use_;  // most recent first
  std::unordered_map<std::string, std::list<Entry>::iterator> entries_;
  std::map<std::string, std::vector<JobNumber>> in_progress_;  // key → who waits for its leader
  std::uint64_t bytes_ = 0;
  std::size_t files_ = 0;
};

}  // namespace rota::node
