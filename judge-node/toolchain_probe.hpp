#pragma once
// Finds out which languages this host can offer: each one's version command is run in a box, as a submission would be.
// What is missing, or does not start there, is not offered, and the language's toolchain.problem says why.

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "judge-node/box_pool.hpp"
#include "judge-node/event_log.hpp"
#include "judge-node/language_table.hpp"
#include "judge-node/memory_file.hpp"
#include "judge-node/toolchain_cache.hpp"

namespace rota::node {

class ToolchainProbe {
 public:
  // Of one version command, in which a JVM may have to start.
  static constexpr protocol::Limits kLimits{
      .cpu_time = std::chrono::seconds(10),
      .wall_time = std::chrono::seconds(15),
      .memory_bytes = 1ull << 30,
      .output_bytes = 64ull << 10,
      .file_bytes = 64ull << 20,
      .processes = 64,
  };

  // The references outlive the probe.
  ToolchainProbe(LanguageTable& languages, BoxPool& boxes, EventLog& log, std::filesystem::path cache_file);

  // Fills in the toolchain of each language, then calls done, once; from within where nothing has to be asked. asks: whether
  // the language's toolchain is asked where its version is not remembered; else the version stays unknown, and the language
  // is offered where its programs are there.
  void start(const std::function<bool(const Language&)>& asks, std::function<void()> done);

  // To be called when a box has become idle.
  void look_again();

 private:
  struct Question {
    std::string key;
    std::vector<Language*> languages;  // that the same command speaks for
    MemoryFile output = MemoryFile::sink();
    bool asked_again = false;
  };

  void ask(Question& question, Box& box);
  void answered(Question& question, const sandbox::RunReply& reply);
  static void take(const Question& question, const sandbox::RunReply& reply);
  void finish();

  LanguageTable& languages_;
  BoxPool& boxes_;
  EventLog& log_;
  ToolchainCache cache_;
  std::function<void()> done_;
  std::map<std::string, Question> questions_;  // not answered yet
  std::deque<Question*> waiting_;              // not asked yet
};

}  // namespace rota::node
