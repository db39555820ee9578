#include "sandbox/run_command.hpp"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iostream>

#include "base/check.hpp"
#include "sandbox/end_signals.hpp"
#include "sandbox/layers.hpp"
#include "sandbox/report_text.hpp"

namespace rota::sandbox {
namespace {

namespace fs = std::filesystem;

// The host's files of a run by hand, opened before the root changes.
class HostFiles {
 public:
  int open(const std::string& path, int flags = 0) {
    files_.emplace_back(check(::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags), "open " + path));
    return files_.back().get();
  }

  // Without waiting for somebody who writes to a FIFO.
  int open_regular(const std::string& path) {
    const int file = open(path, O_NONBLOCK);
    struct stat status {};
    check(::fstat(file, &status), "look at " + path);
    if (!S_ISREG(status.st_mode)) throw std::invalid_argument("--input " + path + ": not a regular file");
    return file;
  }

 private:
  std::vector<UniqueFd> files_;
};

void add_input(RunSpec& spec, HostFiles& files, const std::string& path) {
  const bool executable = ::access(path.c_str(), X_OK) == 0;
  spec.inputs.push_back({fs::path(path).filename(), files.open_regular(path), executable});
}

// "./a.out" means the caller's file, not one of the box.
void bring_program(RunSpec& spec, HostFiles& files) {
  const fs::path program = spec.argv.front();
  if (program.is_absolute() || program.native().find('/') == std::string::npos ||
      !fs::is_regular_file(program))
    return;
  add_input(spec, files, program);
  spec.argv.front() = "./" + program.filename().native();
}

bool is_our_stdin(const std::string& name) {
  return name.empty() || name == "-";
}

RunSpec make_spec(const RunCommand& command, HostFiles& files) {
  RunSpec spec;
  spec.argv = command.argv;
  spec.environment = command.environment;
  spec.limits = command.limits;
  spec.address_space_bytes = command.address_space_bytes;
  for (const std::string& path : command.inputs) add_input(spec, files, path);
  bring_program(spec, files);
  spec.stdin_fd = is_our_stdin(command.stdin_file) ? STDIN_FILENO : files.open(command.stdin_file);
  spec.stdout_fd = STDOUT_FILENO;
  spec.stderr_fd = STDERR_FILENO;
  if (const auto problem = find_problem(spec)) throw std::invalid_argument(*problem);
  return spec;
}

int exit_status(const protocol::StepReport& report) {
  if (report.cause == protocol::Cause::box_failure) return kBoxFailure;
  const bool is_its_own = report.cause == protocol::Cause::exited;  // else it was over a limit by then
  const bool passed_no_limit = is_its_own || report.cause == protocol::Cause::signalled;
  if (passed_no_limit && (report.stdout_cut || report.stderr_cut)) return kBoxFailure;  // by whoever reads us
  if (report.exit_code) return is_its_own ? *report.exit_code : 128 + SIGKILL;
  return 128 + report.signal.value_or(0);
}

// " by SIGSEGV", of a program that ended so.
std::string signal_name(const protocol::StepReport& report) {
  if (report.cause != protocol::Cause::signalled || !report.signal) return "";
  const char* name = ::sigabbrev_np(*report.signal);
  return name != nullptr ? std::string(" by SIG") + name : " by signal " + std::to_string(*report.signal);
}

// Nothing to say where the program simply ended by itself.
void tell(const RunCommand& command, const protocol::StepReport& report) {
  if (command.json) {
    std::cerr << to_json(report) << '\n';
  } else if (report.cause != protocol::Cause::exited || !report.detail.empty()) {
    std::cerr << "rota-box: " << cause_name(report.cause) << signal_name(report)
              << (report.detail.empty() ? "" : ": ") << report.detail << '\n';
  }
}

void print(const Layer& layer, const std::vector<std::string>& allowed) {
  const char* word = layer.active ? "  on   " : layer.expected ? "  OFF  " : "  off  ";
  const char* remark = "";
  if (!layer.active && !layer.expected) remark = " (not expected here)";
  if (!layer.active && layer.expected && !is_missing(layer, allowed)) remark = " (allowed)";
  std::cout << word << layer.name << remark << ": " << layer.reason << '\n';
}

bool make_trial_run(Supervisor& supervisor) {
  RunSpec spec;
  spec.argv = {"true"};
  const auto report = supervisor.run(spec, {}).report;
  const bool works = report.cause == protocol::Cause::exited && report.exit_code == 0;
  std::cout << (works ? "a trial run works\n" : "a trial run FAILS: " + report.detail + "\n");
  return works;
}

}  // namespace

int run_by_hand(const RunCommand& command) {
  HostFiles files;
  const RunSpec spec = make_spec(command, files);
  const EndSignals signals;
  Supervisor supervisor(command.box);
  require_layers(supervisor.layers(), command.box.allow_missing);
  const Interruption interruption{signals.fd(), [&] { return signals.arrived(); }};
  const RunReply reply = supervisor.run(spec, {&interruption, 1});
  tell(command, reply.report);
  return exit_status(reply.report);
}

int examine(const BoxOptions& options, const Layer& self_test) {
  Supervisor supervisor(options);
  std::vector<Layer> layers = supervisor.layers();
  layers.push_back(self_test);
  for (const Layer& layer : layers) print(layer, options.allow_missing);
  const bool works = make_trial_run(supervisor);
  bool complete = true;
  for (const Layer& layer : layers) {
    if (!is_missing(layer, options.allow_missing)) continue;
    std::cout << refusal_of(layer) << '\n';
    complete = false;
  }
  return works && complete ? 0 : 1;
}

}  // namespace rota::sandbox
