#pragma once
// What a person says about one submission, and the submit packet that comes of it.

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <vector>

#include "client/waiting_options.hpp"
#include "protocol/packets.hpp"

namespace rota::client {

struct SubmissionOptions {
  std::string file;
  std::string main;               // of a project; empty: its file "main.…"
  std::vector<std::string> with;  // files and folders that stand beside the source
  std::string stdin_file;         // "-": our own stdin; empty: the program's stdin is empty
  std::string stdin_text;         // instead
  std::string stdin_blob;         // instead: SHA-256 of one that was sent before
  std::string language;
  std::vector<std::string> arguments, environment, compile_flags, link_flags;
  std::string cpu, wall, memory, output, files;  // as typed; empty: the language's default
  std::optional<std::uint32_t> processes;
  std::vector<std::string> labels;
  std::optional<std::uint32_t> priority;
  std::string queue_time, total_time;  // as typed; empty: no bound
  WaitingOptions waiting;
};

// Adds the flags that submit and run share, and the text that ends their help.
void add_submission_options(CLI::App& verb, SubmissionOptions& options);

// Reads the files and checks everything that can be checked here. Throws ClientError{kNoInput} where a file
// cannot be read or is too large, ClientError{kUsage} where a flag makes no sense.
protocol::Submit make_submit(const SubmissionOptions& options);

}  // namespace rota::client
