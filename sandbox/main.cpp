// rota-box: the only privileged program of rota. Parses flags; the commands stand
// in serve.cpp and run_command.cpp.

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <climits>
#include <fstream>
#include <iostream>

#include "base/amount_option.hpp"
#include "base/check.hpp"
#include "sandbox/cpu_list.hpp"
#include "sandbox/end_signals.hpp"
#include "sandbox/layers.hpp"
#include "sandbox/run_command.hpp"
#include "sandbox/self_test/self_test.hpp"
#include "sandbox/serve.hpp"

namespace rota::sandbox {
namespace {

constexpr int kUsage = 64;                        // EX_USAGE of sysexits.h
constexpr unsigned kMaxCores = 1 << 13;           // CONFIG_NR_CPUS's own bound
constexpr std::uint32_t kHighestId = 0xfffffffe;  // (uid_t)-1 is no user, see setresuid(2)

// The supervisor shares no descriptor with whoever started it, save the standard streams and `kept`.
void close_inherited(int kept) {
  while (check(::open("/dev/null", O_RDWR), "open /dev/null") <= STDERR_FILENO) continue;
  if (kept > 3) check(::close_range(3, static_cast<unsigned>(kept) - 1, 0), "close what was inherited");
  check(::close_range(static_cast<unsigned>(std::max(kept, 2)) + 1, ~0U, 0), "close what was inherited");
  if (kept >= 0) check(::fcntl(kept, F_SETFD, FD_CLOEXEC), "keep the socket to ourselves");
}

// Of "0-7", say; where the kernel does not tell, its own bound.
long highest_possible_cpu() {
  std::ifstream file("/sys/devices/system/cpu/possible");
  std::string list;
  if (!(file >> list)) return kMaxCores - 1;
  return std::stol(list.substr(list.find_last_of(",-") + 1));
}

// Validators of CLI11: what is wrong, or nothing.
std::string is_cpu_list(const std::string& text) {
  const long cpus = highest_possible_cpu() + 1;
  return is_list_of_cpus(text, cpus) ? std::string()
                                     : text + " is no list of CPUs of this machine, which has 0 to " +
                                           std::to_string(cpus - 1) + ": as in 0-2,5";
}

// sethostname(2), and what RFC 1123 lets stand in a name.
std::string is_host_name(const std::string& text) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
  const bool is_name =
      !text.empty() && text.size() <= HOST_NAME_MAX && text.find_first_not_of(kLetters) == std::string::npos;
  return is_name
             ? std::string()
             : "a host name has 1 to " + std::to_string(HOST_NAME_MAX) + " letters, digits, dots and hyphens";
}

void add_box_options(CLI::App& app, BoxOptions& options) {
  app.add_option("--uid", options.uid, "user of judged programs (default: one of its own)")
      ->check(CLI::Range(1U, kHighestId));
  app.add_option("--gid", options.gid, "group of judged programs (default: one of its own)")
      ->check(CLI::Range(1U, kHighestId));
  app.add_option_function<std::vector<std::string>>(
         "--bind",
         [&options](const auto& texts) {
           for (const std::string& text : texts) options.root.binds.push_back(parse_bind(text));
         },
         "host path to show read-only, at its own place or at another")
      ->allow_extra_args(false)
      ->option_text("HOST[:BOX]");
  app.add_option("--allow-missing", options.allow_missing,
                 "layer to do without where it is missing, see doctor")
      ->allow_extra_args(false)
      ->check(CLI::IsMember(layer_names()))
      ->option_text("LAYER");
  app.add_option("--core", options.core,
                 "core of the box's own processes, counted from 0 (default: one by turns)");
  app.add_option("--work-name", options.root.host_name, "host name inside the box")
      ->check(is_host_name)
      ->capture_default_str();
  const std::map<std::string, CgroupChoice> choices{{"auto", CgroupChoice::automatic},
                                                    {"none", CgroupChoice::none}};
  app.add_option("--cgroup", options.cgroup.choice, "auto: what the host offers; none: rlimits only")
      ->transform(CLI::CheckedTransformer(choices))
      ->option_text("auto|none");
  app.add_option("--max-cores", options.cgroup.max_cores, "CPU time of at most so many cores at once")
      ->check(CLI::Range(1U, kMaxCores));
  app.add_option("--cpus", options.cgroup.cpus, "CPUs to run on, as in 0-2,5")->check(is_cpu_list);
}

void add_run_options(CLI::App& app, RunCommand& command) {
  add_box_options(app, command.box);
  protocol::Limits& limits = command.limits;
  add_amount_option(app, "--cpu", limits.cpu_time, parse_duration,
                    "CPU time, as in 1s or 500ms (default 10s)");
  add_amount_option(app, "--wall", limits.wall_time, parse_duration, "time on the clock (default 20s)");
  add_amount_option(app, "--memory", limits.memory_bytes, parse_size, "memory, as in 64M (default 512M)");
  add_amount_option(app, "--address-space", command.address_space_bytes, parse_size,
                    "address space of each process (RLIMIT_AS), for malloc to fail (default: none)");
  add_amount_option(app, "--output", limits.output_bytes, parse_size,
                    "each of stdout and stderr (default 4M)");
  add_amount_option(app, "--files", limits.file_bytes, parse_size, "each of /work and /tmp (default 64M)");
  app.add_option("--processes", command.limits.processes, "processes and threads")->capture_default_str();
  app.add_option("--stdin", command.stdin_file, "file to read as stdin (default, and -: our own)");
  app.add_option("--input", command.inputs, "file to copy into /work")->allow_extra_args(false);
  app.add_option("--env", command.environment, "NAME=value to add to the environment")
      ->allow_extra_args(false);
  app.add_flag("--json", command.json, "report as one JSON line on stderr");
  app.add_option("command", command.argv, "program and arguments, after --")->required();
}

void add_self_test_options(CLI::App& app, SelfTest& test) {
  constexpr unsigned kMostBoxes = 64;
  app.add_flag("--all", test.all, "the whole corpus (a minute) instead of a quick selection");
  app.add_flag("--slow", test.slow, "with --all: those that take long, too");
  app.add_option("--family", test.family, "only the attacks of this family");
  app.add_option("--attack", test.names, "only this one, as FAMILY/NAME")->allow_extra_args(false);
  app.add_flag("--alone", test.alone, "a fresh box for each attack");
  app.add_option("--boxes", test.boxes, "boxes at once; more than one shuffles the order")
      ->check(CLI::Range(1U, kMostBoxes))
      ->capture_default_str();
  app.add_option("--seed", test.seed, "shuffles the order, as this number says");
  app.add_flag("--json", test.json, "one JSON object a line");
  app.add_option("flags", test.box_flags, "options of every box, such as --cgroup, after --");
}

// What would otherwise be refused by every box anew. The attack programs know their host by its default name.
void require_box_flags(std::vector<std::string> flags) {
  CLI::App app("options of a box");
  app.set_help_flag();  // none: what was asked for is a test
  BoxOptions options;
  add_box_options(app, options);
  const std::string host_name = options.root.host_name;
  std::reverse(flags.begin(), flags.end());  // as CLI11 takes them
  app.parse(flags);
  if (options.root.host_name != host_name)
    throw CLI::ValidationError("--work-name", "a self-test has boxes of the name " + host_name + " only");
}

int refuse(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
  std::cerr << "rota-box: " << error.what()
            << "\nrota-box: see rota-box --help, and rota-box COMMAND --help\n";
  return kUsage;
}

int run_main(int argument_count, char** arguments) {
  CLI::App app("rota-box runs programs that nobody trusts");
  app.set_version_flag("--version", "rota-box " ROTA_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit status: of `run` the program's own, 128 + its signal, or 75 where it could not be run;\n"
      "64 for a wrong command line. The man page rota-box(1) has more, and examples.");
  BoxOptions options;
  RunCommand command;
  int socket = 3;
  auto* serving =
      app.add_subcommand("serve", "prepare a box and take runs from a node, over a seqpacket socket");
  serving->add_option("--fd", socket, "descriptor of the socket")
      ->check(CLI::Range(3, 1 << 20))
      ->capture_default_str();
  add_box_options(*serving, options);
  auto* running = app.add_subcommand("run", "run one command in a box");
  add_run_options(*running, command);
  auto* doctor = app.add_subcommand("doctor", "say which walls stand on this host, and why others do not");
  add_box_options(*doctor, options);
  SelfTest self_test;
  auto* self_testing = app.add_subcommand("self-test", "try hostile programs in boxes of this host");
  add_self_test_options(*self_testing, self_test);
  try {
    app.parse(argument_count, arguments);
    require_box_flags(self_test.box_flags);
  } catch (const CLI::ParseError& error) {
    return refuse(app, error);
  }
  reset_signals();
  close_inherited(serving->parsed() ? socket : -1);
  if (serving->parsed()) return serve(socket, options);
  if (self_testing->parsed()) return test_self(self_test);
  return doctor->parsed() ? examine(options, self_test_layer()) : run_by_hand(command);
}

}  // namespace
}  // namespace rota::sandbox

#if defined(__SANITIZE_ADDRESS__)
// LeakSanitizer stops the process with ptrace to look at it, which a process in our root cannot have.
extern "C" const char* __asan_default_options() {
  return "detect_leaks=0";
}
#endif

int main(int argument_count, char** arguments) {
  try {
    return rota::sandbox::run_main(argument_count, arguments);
  } catch (const std::invalid_argument& error) {
    std::cerr << "rota-box: " << error.what() << '\n';
    return rota::sandbox::kUsage;
  } catch (const std::exception& error) {
    std::cerr << "rota-box: " << error.what() << '\n';
    return rota::sandbox::kBoxFailure;
  }
}
