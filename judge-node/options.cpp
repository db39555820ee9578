#include "judge-node/options.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <stdexcept>
#include <thread>

#include "base/amount_option.hpp"
#include "base/daemon.hpp"
#include "protocol/bounds.hpp"
#include "sandbox/layers.hpp"

namespace rota::node {
namespace {

using protocol::kWireMaxima;
using protocol::kWireMinima;

constexpr const char* kOperatorsLanguages = "/etc/rota/languages";

// What CLI11 reads as text, before it is checked.
struct Texts {
  std::string port;
  std::string listen;
  std::vector<std::string> portals;
};

std::filesystem::path program_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

void declare_limits(CLI::App& app, Options& options) {
  protocol::Limits& maxima = options.jobs.maxima;
  const std::string group = "What a submission may ask for at most";
  add_amount_option(app, "--max-cpu-time", maxima.cpu_time, parse_duration,
                    "CPU time, as in 500ms or 10s [1m]")
      ->group(group);
  add_amount_option(app, "--max-wall-time", maxima.wall_time, parse_duration, "Wall time [2m]")->group(group);
  add_amount_option(app, "--max-memory", maxima.memory_bytes, parse_size, "Memory, as in 512M [2G]")
      ->group(group);
  add_amount_option(app, "--max-output", maxima.output_bytes, parse_size, "Each of stdout and stderr [16M]")
      ->group(group);
  add_amount_option(app, "--max-files", maxima.file_bytes, parse_size, "Each of /work and /tmp [1G]")
      ->group(group);
  app.add_option("--max-processes", maxima.processes, "Processes and threads [256]")->group(group);
}

// When a node rather does not start than work behind weaker walls.
void declare_refusals(CLI::App& app, Options& options) {
  app.add_option("--allow-missing", options.allow_missing,
                 "Layer of the sandbox to do without where it is missing, see `rota-box doctor`; repeatable")
      ->allow_extra_args(false)
      ->check(CLI::IsMember(sandbox::layer_names()))
      ->option_text("LAYER");
  const std::map<std::string, SelfTestMode> modes{
      {"auto", SelfTestMode::automatic}, {"always", SelfTestMode::always}, {"never", SelfTestMode::never}};
  app.add_option(
         "--self-test", options.self_test,
         "Try hostile programs in the sandbox before the first job; auto: unless that has passed here before")
      ->transform(CLI::CheckedTransformer(modes))
      ->option_text("auto|always|never [auto]");
}

void declare_languages(CLI::App& app, Options& options) {
  app.add_option("--languages", options.languages,
                 "Folder of language files, or one such file [share/rota/languages]")
      ->option_text("PATH");
  app.add_option("--add-languages", options.more_languages,
                 "Folder of further files, which also replace those of the same name; repeatable "
                 "[/etc/rota/languages]")
      ->allow_extra_args(false)
      ->option_text("PATH");
  app.add_option("--host-cache", options.host_cache,
                 "Folder for what is known of this host: that the self-test has passed, what toolchains "
                 "there are, what "
                 "compilers read prepared [host-cache in the state folder]")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.add_flag("--prepare,!--no-prepare", options.prepare,
               "Whether to ask toolchains for their versions and to prepare for compilers what the host "
               "cache has not [yes]")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.add_option(
         "--ask-toolchain", options.ask_toolchain,
         "With --no-prepare: ask the toolchain of this language, or of files with such a name, for its "
         "version all the same")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->option_text("LANGUAGE|FILE");
}

// What the node is to its portals.
void declare_cluster(CLI::App& app, Options& options, Texts& texts) {
  app.add_option("--label", options.labels,
                 "What sets this node apart, as in gpu or room=12; submissions may ask for it; repeatable")
      ->allow_extra_args(false)
      ->option_text("TEXT");
  app.add_option("--join", texts.portals,
                 "Portal to connect to, for a node that portals cannot reach; of several the next is tried "
                 "where one is "
                 "lost; repeatable. Without PORT and --listen, listens on a free port of 127.0.0.1")
      ->allow_extra_args(false)
      ->option_text("HOST:PORT");
  add_amount_option(app, "--drain-time", options.drain_time, parse_duration,
                    "At the first SIGTERM or SIGINT, how long to finish what is in hand, as in 500ms or 2m; "
                    "a second signal ends the node at once [30s]")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void declare(CLI::App& app, Options& options, Texts& texts) {
  app.set_version_flag("--version", ROTA_VERSION);
  app.set_config("--config", "", "Read settings from this file (name = value, the names of the flags)");
  app.allow_config_extras(CLI::config_extras_mode::error);  // a misspelt name must not pass for a setting
  app.add_option("port", texts.port, "Port to listen on, on 127.0.0.1; 0 takes a free one")
      ->configurable(false);
  app.add_option("--listen", texts.listen, "Address to listen on, HOST:PORT [127.0.0.1:4001]");
  app.add_option("--slots", options.slots, "Programs that are compiled or run at a time [one for each core]");
  app.add_option("--name", options.name, "This node's name in events and results [HOSTNAME-PORT]");
  app.add_option(
      "--state-dir", options.state_dir,
      "Folder for the event log [/var/lib/rota/node-PORT; for ordinary users below XDG_STATE_HOME]");
  declare_cluster(app, options, texts);
  declare_languages(app, options);
  app.add_option("--box", options.box, "The sandbox program [rota-box beside this program]");
  declare_refusals(app, options);
  app.add_flag(
         "--check", options.check,
         "Tell which languages this host can offer and what is missing, and end; nothing is listened on")
      ->configurable(false);
  app.add_option("--max-queued", options.jobs.max_queued, "Jobs that may wait for a slot [10000]");
  add_amount_option(app, "--max-queued-bytes", options.jobs.max_queued_bytes, parse_size,
                    "Bytes of all jobs in progress [512M]");
  add_amount_option(app, "--max-programs", options.max_program_bytes, parse_size,
                    "Compiled programs that are kept on disk, in the state folder; 0 keeps none [1G]");
  app.add_option("--ready-fd", options.ready_fd,
                 "Descriptor that gets HOST:PORT and a newline once jobs are taken")
      ->configurable(false);
  declare_entry(app, options.entry);
  declare_limits(app, options);
  app.footer("Example: rota-node 4001 --slots 2");
}

template <typename Value>
void require_within(std::string_view flag, Value value, Value minimum, Value maximum) {
  if (value >= minimum && value <= maximum) return;
  throw std::invalid_argument(fmt::format("{} is {}; give {} to {}", flag, value, minimum, maximum));
}

void check_limits(const protocol::Limits& maxima) {
  require_within("--max-cpu-time, in ms,", maxima.cpu_time.count(), kWireMinima.cpu_time.count(),
                 kWireMaxima.cpu_time.count());
  require_within("--max-wall-time, in ms,", maxima.wall_time.count(), kWireMinima.wall_time.count(),
                 kWireMaxima.wall_time.count());
  require_within("--max-memory", maxima.memory_bytes, kWireMinima.memory_bytes, kWireMaxima.memory_bytes);
  require_within("--max-output", maxima.output_bytes, kWireMinima.output_bytes, kWireMaxima.output_bytes);
  require_within("--max-files", maxima.file_bytes, kWireMinima.file_bytes, kWireMaxima.file_bytes);
  require_within("--max-processes", maxima.processes, kWireMinima.processes, kWireMaxima.processes);
}

void check_labels(const std::vector<std::string>& labels) {
  require_within("The number of --label", labels.size(), std::size_t{0}, protocol::kMaxLabels);
  for (const std::string& label : labels)
    require_within("The length of --label " + label, label.size(), std::size_t{1}, protocol::kMaxLabelBytes);
}

// Who only joins need not be found, so neither its name nor its folder speaks of a port.
void listen_for_itself(Options& options) {
  options.listen.port = 0;
  if (options.name.empty()) options.name = host_name();
  if (options.state_dir.empty()) options.state_dir = default_state_dir("node");
}

void check(Options& options, const Texts& texts) {
  if (!texts.port.empty() && !texts.listen.empty())
    throw std::invalid_argument("give PORT or --listen, not both");
  const std::string& address = texts.port.empty() ? texts.listen : texts.port;
  if (!address.empty()) options.listen = net::parse_address(address);
  for (const std::string& portal : texts.portals) options.portals.push_back(net::parse_address(portal));
  if (address.empty() && !options.portals.empty()) listen_for_itself(options);
  check_labels(options.labels);
  check_entry(options.entry);
  require_within("--slots", options.slots, 1u, unsigned{protocol::kMaxSlots});
  check_limits(options.jobs.maxima);
}

// The defaults that depend on this machine or on where this program stands.
void set_defaults(Options& options) {
  options.slots = std::clamp(std::thread::hardware_concurrency(), 1u, unsigned{protocol::kMaxSlots});
  options.box = program_folder() / "rota-box";
  options.languages = program_folder().parent_path() / "share/rota/languages";
  if (std::filesystem::is_directory(kOperatorsLanguages)) options.more_languages = {kOperatorsLanguages};
}

}  // namespace

std::string default_name(int port) {
  return fmt::format("{}-{}", host_name(), port);
}

ParsedOptions parse_options(int argc, const char* const* argv) {
  ParsedOptions parsed;
  Texts texts;
  CLI::App app("Compiles and runs programs in sandboxes, for portals and clients.", "rota-node");
  set_defaults(parsed.options);
  declare(app, parsed.options, texts);
  try {
    app.parse(argc, argv);
    check(parsed.options, texts);
  } catch (const CLI::Success& help_or_version) {
    parsed.exit_status = app.exit(help_or_version);
  } catch (const CLI::ParseError& error) {
    app.exit(error);
    parsed.exit_status = kUsageError;
  } catch (const std::invalid_argument& error) {
    std::cerr << "rota-node: " << error.what() << "\n";
    parsed.exit_status = kUsageError;
  }
  return parsed;
}

}  // namespace rota::node
