#pragma once
// The node's command line and configuration file: one table, declared in options.cpp.

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "judge-node/entry_options.hpp"
#include "judge-node/job_service.hpp"
#include "judge-node/limit_policy.hpp"
#include "judge-node/program_store.hpp"
#include "judge-node/self_test.hpp"
#include "net/loop.hpp"

namespace rota::node {

struct Options {
  net::Address listen{"127.0.0.1", 4001};
  std::string name;                 // in events and results; empty: default_name()
  std::filesystem::path state_dir;  // holds events.log; empty: default_state_dir("node-PORT")
  std::filesystem::path languages;  // folder of language files, or one
  std::vector<std::filesystem::path> more_languages;  // over those
  std::filesystem::path host_cache;                   // folder; empty: host-cache in the state folder
  std::uint64_t max_program_bytes = ProgramStoreBounds{}.max_bytes;  // of compiled programs on disk
  bool check = false;                                                // say what this host can do, and end
  bool prepare = true;                     // ask toolchains for their versions, make warm-ups
  std::string ask_toolchain;               // a language or file name whose toolchain is asked in any case
  std::filesystem::path box;               // the rota-box program
  std::vector<std::string> allow_missing;  // layers of the sandbox to do without, see sandbox/layers.hpp
  SelfTestMode self_test = SelfTestMode::automatic;
  unsigned slots = 1;  // runs at a time
  JobServiceSettings jobs{.maxima = kDefaultMaxima};
  std::vector<std::string> labels;               // what a submission may ask for, "gpu", "room=12"
  std::vector<net::Address> portals;             // to join one of
  std::chrono::milliseconds drain_time{30'000};  // for what is in hand at the first signal
  EntryOptions entry;
  int ready_fd = -1;  // gets "HOST:PORT\n" once jobs are taken
};

// "HOSTNAME-PORT"; the port is the one that is really listened on.
std::string default_name(int port);

struct ParsedOptions {
  Options options;
  int exit_status = -1;  // -1: go on; else 0 after --help and --version, 64 for a usage error, told on stderr
};
ParsedOptions parse_options(int argc, const char* const* argv);

}  // namespace rota::node
