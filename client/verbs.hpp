#pragma once
// The verbs of `rota`, one file each. Each adds itself to the command line; the one that was typed sets what
// main() is to run.

#include <CLI/App.hpp>
#include <functional>
#include <string>
#include <vector>

namespace rota::client {

struct Invocation {
  std::vector<std::string> trailing;  // what stood behind "--"
  std::function<int()> run;           // returns the exit status; may throw ClientError
};

void add_submit_verb(CLI::App& app, Invocation& invocation);
void add_wait_verb(CLI::App& app, Invocation& invocation);
void add_cancel_verb(CLI::App& app, Invocation& invocation);
void add_run_verb(CLI::App& app, Invocation& invocation);
void add_logs_verb(CLI::App& app, Invocation& invocation);
void add_nodes_verb(CLI::App& app, Invocation& invocation);
void add_doctor_verb(CLI::App& app, Invocation& invocation);
void add_dialogue(CLI::App& app, Invocation& invocation);  // rota HOST PORT

}  // namespace rota::client
