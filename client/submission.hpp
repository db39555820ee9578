#pragma once
// What a person says about one submission, and what comes of it: the submit packet, and how its answer is
// shown.

#include <CLI/App.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "client/delivery.hpp"
#include "client/report.hpp"
#include "client/settings.hpp"
#include "protocol/packets.hpp"

namespace rota::client {

struct SubmissionOptions {
  std::string file;
  std::string main;               // of a project; empty: its file "main.…"
  std::vector<std::string> with;  // files and folders that stand beside the source
  std::string stdin_file;         // "-": our own stdin; empty: the program's stdin is empty
  std::string stdin_text;         // instead
  std::string language;
  std::vector<std::string> arguments, environment, compile_flags, link_flags;
  std::string cpu, wall, memory, output, files;  // as typed; empty: the language's default
  std::optional<std::uint32_t> processes;
  std::string timeout;  // as typed; empty: wait as long as it takes
  ReportOptions report;
};

// Adds the flags that submit and run share, and the text that ends their help.
void add_submission_options(CLI::App& verb, SubmissionOptions& options);

// Reads the files and checks everything that can be checked here. Throws ClientError{kNoInput} where a file
// cannot be read or is too large, ClientError{kUsage} where a flag makes no sense.
protocol::Submit make_submit(const SubmissionOptions& options);

// Throws ClientError{kUsage} where --timeout makes no sense.
DeliveryOptions delivery_options(const SubmissionOptions& options, const Settings& settings);

}  // namespace rota::client
