#include "judge-node/options.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <thread>

#include "protocol/bounds.hpp"

namespace rota::node {
namespace {

constexpr int kUsageError = 64;  // EX_USAGE, sysexits.h

using protocol::kWireMaxima;

// What CLI11 reads as text or as a plain number, before it is checked.
struct Texts {
  std::string port;
  std::string listen;
  std::int64_t cpu_time_ms = kDefaultMaxima.cpu_time.count();
  std::int64_t wall_time_ms = kDefaultMaxima.wall_time.count();
};

std::filesystem::path program_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

void declare_limits(CLI::App& app, Options& options, Texts& texts) {
  const CLI::AsNumberWithUnit time_unit(
      std::map<std::string, std::int64_t>{{"ms", 1}, {"s", 1000}, {"min", 60'000}},
      CLI::AsNumberWithUnit::DEFAULT, "TIME");
  const CLI::AsSizeValue size_unit(false);
  protocol::Limits& maxima = options.jobs.maxima;
  const std::string group = "What a submission may ask for at most";
  app.add_option("--max-cpu-time", texts.cpu_time_ms, "CPU time, such as 500ms or 10s [1min]")
      ->transform(time_unit)
      ->group(group);
  app.add_option("--max-wall-time", texts.wall_time_ms, "Wall time [2min]")
      ->transform(time_unit)
      ->group(group);
  app.add_option("--max-memory", maxima.memory_bytes, "Memory, such as 512M [2G]")
      ->transform(size_unit)
      ->group(group);
  app.add_option("--max-output", maxima.output_bytes, "Each of stdout and stderr [16M]")
      ->transform(size_unit)
      ->group(group);
  app.add_option("--max-files", maxima.file_bytes, "Each of /work and /tmp [1G]")
      ->transform(size_unit)
      ->group(group);
  app.add_option("--max-processes", maxima.processes, "Processes and threads [256]")->group(group);
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
  app.add_option("--languages", options.languages, "The language table [languages.json of the installation]");
  app.add_option("--box", options.box, "The sandbox program [rota-box beside this program]");
  app.add_option("--max-queued", options.jobs.max_queued, "Jobs that may wait for a slot [10000]");
  app.add_option("--max-queued-bytes", options.jobs.max_queued_bytes, "Bytes of all jobs in progress [512M]")
      ->transform(CLI::AsSizeValue(false));
  app.add_option("--ready-fd", options.ready_fd,
                 "Descriptor that gets HOST:PORT and a newline once jobs are taken")
      ->configurable(false);
  declare_limits(app, options, texts);
  app.footer("Example: rota-node 4001 --slots 2");
}

template <typename Value>
void require_within(const char* flag, Value value, Value minimum, Value maximum) {
  if (value >= minimum && value <= maximum) return;
  throw std::invalid_argument(fmt::format("{} is {}; give {} to {}", flag, value, minimum, maximum));
}

void check_limits(protocol::Limits& maxima, const Texts& texts) {
  require_within<std::int64_t>("--max-cpu-time", texts.cpu_time_ms, 1, kWireMaxima.cpu_time.count());
  require_within<std::int64_t>("--max-wall-time", texts.wall_time_ms, 1, kWireMaxima.wall_time.count());
  require_within<std::uint64_t>("--max-memory", maxima.memory_bytes, 1 << 20, kWireMaxima.memory_bytes);
  require_within<std::uint64_t>("--max-output", maxima.output_bytes, 1, kWireMaxima.output_bytes);
  require_within<std::uint64_t>("--max-files", maxima.file_bytes, 4096, kWireMaxima.file_bytes);
  require_within<std::uint32_t>("--max-processes", maxima.processes, 1, kWireMaxima.processes);
  maxima.cpu_time = std::chrono::milliseconds(texts.cpu_time_ms);
  maxima.wall_time = std::chrono::milliseconds(texts.wall_time_ms);
}

void check(Options& options, const Texts& texts) {
  if (!texts.port.empty() && !texts.listen.empty())
    throw std::invalid_argument("give PORT or --listen, not both");
  const std::string& address = texts.port.empty() ? texts.listen : texts.port;
  if (!address.empty()) options.listen = net::parse_address(address);
  require_within("--slots", options.slots, 1u, unsigned{protocol::kMaxSlots});
  check_limits(options.jobs.maxima, texts);
}

// The defaults that depend on this machine or on where this program stands.
void set_defaults(Options& options) {
  options.slots = std::clamp(std::thread::hardware_concurrency(), 1u, unsigned{protocol::kMaxSlots});
  options.box = program_folder() / "rota-box";
  options.languages = program_folder().parent_path() / "share/rota/languages.json";
}

}  // namespace

std::string default_name(int port) {
  std::array<char, 256> host{};
  const bool known = ::gethostname(host.data(), host.size() - 1) == 0;
  return fmt::format("{}-{}", known ? host.data() : "localhost", port);
}

std::filesystem::path default_state_dir(int port) {
  const std::string folder = fmt::format("rota/node-{}", port);
  if (::geteuid() == 0) return std::filesystem::path("/var/lib") / folder;
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return std::filesystem::path(state) / folder;
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home != nullptr ? home : ".") / ".local/state" / folder;
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
