// rota: the command that people and scripts use. Reads the command line, runs one verb, and turns whatever
// ended it into a message on stderr and an exit status (exit_status.hpp).

#include <signal.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "client/client_error.hpp"
#include "client/console.hpp"
#include "client/exit_status.hpp"
#include "client/harmless.hpp"
#include "client/verbs.hpp"

namespace rota::client {
namespace {

void describe(CLI::App& app, Invocation& invocation) {
  app.name("rota");
  app.set_version_flag("--version", "rota " ROTA_VERSION);
  app.require_subcommand(0, 1);
  app.get_formatter()->column_width(34);
  add_submit_verb(app, invocation);
  add_run_verb(app, invocation);
  add_wait_verb(app, invocation);
  add_cancel_verb(app, invocation);
  add_logs_verb(app, invocation);
  add_nodes_verb(app, invocation);
  add_doctor_verb(app, invocation);
  add_dialogue(app, invocation);
  app.footer(
      std::string("rota VERB --help tells more of each. ") +
      "The program's stdout goes to stdout, its stderr to stderr,\nand our own words, questions included, to "
      "stderr.\n\n" +
      exit_status_help() +
      "\n\nExamples:\n"
      "  rota run hello.cpp\n"
      "  rota submit hello.cpp --portal judge.example:4000\n"
      "  rota judge.example 4000");
}

// What stands behind "--" is the judged program's, whatever it looks like, so CLI11 does not get to see it.
std::vector<std::string> split_trailing(std::vector<std::string>& arguments) {
  const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
  if (dashes == arguments.end()) return {};
  std::vector<std::string> trailing(dashes + 1, arguments.end());
  arguments.erase(dashes, arguments.end());
  return trailing;
}

int parse_and_run(std::vector<std::string> arguments) {
  CLI::App app("Compiles and runs source code in a sandbox on a judge node, and brings back what happened.");
  Invocation invocation;
  describe(app, invocation);
  invocation.trailing = split_trailing(arguments);
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
  try {
    app.parse(arguments);
  } catch (const CLI::Success& shown) {  // --help, --version
    return app.exit(shown);
  } catch (const CLI::ParseError& error) {
    throw ClientError(kUsage, std::string(error.what()) + "; see rota --help");
  }
  if (!invocation.trailing.empty()) throw ClientError(kUsage, "only submit and run take arguments behind --");
  return invocation.run();
}

int guarded(std::vector<std::string> arguments) {
  try {
    return parse_and_run(std::move(arguments));
  } catch (const ClientError& error) {
    say(harmless_text(error.what()));
    return error.status();
  } catch (const ReaderGone&) {
    return 128 + SIGPIPE;
  } catch (const Interrupted& interrupted) {
    return 128 + interrupted.signal;
  } catch (const std::exception& error) {
    say(harmless_text(std::string("failed: ") + error.what()));
    return kUnavailable;
  }
}

}  // namespace
}  // namespace rota::client

int main(int count, char** words) {
  // Writing to a closed pipe or connection is an error like others, not the process's end.
  ::signal(SIGPIPE, SIG_IGN);
  rota::client::open_standard_descriptors();
  try {
    return rota::client::guarded({words + std::min(count, 1), words + count});
  } catch (...) {  // stderr itself has gone: there is nobody to tell
    return rota::client::kUnavailable;
  }
}
