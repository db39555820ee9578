#pragma once
// Hostile programs in this host's boxes, before the node takes its first job: `rota-box self-test` as a child process.
// What has passed is remembered (self_test_cache.hpp). Its events: self-test.passed, .failed, .cached, .skipped.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "judge-node/event_log.hpp"
#include "judge-node/memory_file.hpp"
#include "judge-node/self_test_cache.hpp"
#include "net/subprocess.hpp"
#include "net/timer.hpp"

namespace rota::node {

enum class SelfTestMode {
  automatic,  // unless it has passed before
  always,
  never
};

struct SelfTestSettings {
  SelfTestMode mode = SelfTestMode::automatic;
  std::filesystem::path cache;             // file
  std::filesystem::path box;               // the rota-box program
  std::vector<std::string> box_flags;      // those of the node's boxes
  std::vector<std::string> allow_missing;  // holds kSelfTestLayer where attack programs may be missing
};

class SelfTest {
 public:
  // failure: why the node must not go on; nullopt where it may.
  using Done = std::function<void(const std::optional<std::string>& failure)>;

  static constexpr std::chrono::seconds kPatience{120};

  SelfTest(net::Loop& loop, EventLog& log, SelfTestSettings settings);

  // layers: of the node's boxes. Calls done once, from within where there is nothing to run, unless this object goes before. Throws
  // std::exception where the process cannot be started.
  void start(const std::vector<sandbox::Layer>& layers, Done done);

  // The same once more, whatever has passed before: after start() is done, and not while it runs.
  void repeat(Done done);

  // Ends it, if it runs; done is not called then.
  void stop();

 private:
  void run();
  void ended(int status);
  void passed(const std::string& output);
  void skip(const std::string& reason);
  void fail(const std::string& output, const std::string& reason);

  net::Loop& loop_;
  EventLog& log_;
  SelfTestSettings settings_;
  SelfTestCache cache_;
  std::optional<std::string> key_;
  Done done_;
  MemoryFile output_;
  net::Timer deadline_;
  std::optional<net::Subprocess> process_;
};

// Of the output of a self-test that has failed: the lines that say what was not contained; where none does, the last.
std::string complaint_in(const std::string& output);

}  // namespace rota::node
