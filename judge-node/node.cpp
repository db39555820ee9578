#include "judge-node/node.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

#include "base/daemon.hpp"
#include "judge-node/language_report.hpp"
#include "judge-node/toolchain.hpp"
#include "protocol/job_id.hpp"

namespace rota::node {
namespace {

LanguageTable load_languages(const Options& options) {
  std::vector<std::filesystem::path> paths{options.languages};
  paths.insert(paths.end(), options.more_languages.begin(), options.more_languages.end());
  LanguageTable table = LanguageTable::load(paths);
  table.clip_limits(options.jobs.maxima);
  return table;
}

JobServiceSettings within(JobServiceSettings settings, const DescriptorShares& descriptors) {
  settings.cache.max_files = descriptors.cached_files;
  return settings;
}

std::filesystem::path state_file(const Options& options, int port, const char* name) {
  return (options.state_dir.empty() ? default_state_dir(fmt::format("node-{}", port)) : options.state_dir) /
         name;
}

std::filesystem::path host_cache(const Options& options, int port) {
  return std::filesystem::absolute(options.host_cache.empty() ? state_file(options, port, "host-cache")
                                                              : options.host_cache);
}

std::vector<std::string> layer_flags(const Options& options) {
  std::vector<std::string> flags;
  for (const std::string& layer : options.allow_missing)
    flags.insert(flags.end(), {"--allow-missing", layer});
  return flags;
}

// Every box serves every language, so each shows what any of them needs.
std::vector<std::string> box_flags(const Options& options, const LanguageTable& languages,
                                   const std::filesystem::path& host_cache) {
  std::set<std::string> mounts{(host_cache / "warm").string() + ":" + WarmUps::kPlace};
  for (const Language& language : languages.all()) {
    if (!missing_part(language).empty()) continue;
    for (std::string& mount : present_mounts(language)) mounts.insert(std::move(mount));
  }
  std::vector<std::string> flags = layer_flags(options);
  for (const std::string& mount : mounts) flags.insert(flags.end(), {"--bind", mount});
  return flags;
}

SelfTestSettings self_test_settings(const Options& options, const std::filesystem::path& host_cache) {
  return {.mode = options.self_test,
          .cache = host_cache / "self-test.cache",
          .box = options.box,
          .box_flags = layer_flags(options),
          .allow_missing = options.allow_missing};
}

std::uint64_t memory_of_this_machine() {
  return static_cast<std::uint64_t>(std::max(0L, ::sysconf(_SC_PHYS_PAGES))) *
         static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

// The names and reasons of those that `wanted` picks.
template <typename Predicate>
std::string list_layers(const std::vector<sandbox::Layer>& layers, Predicate wanted) {
  std::string list;
  for (const sandbox::Layer& layer : layers) {
    if (!wanted(layer)) continue;
    list += fmt::format("{}{}", list.empty() ? "" : ", ", layer.name);
    if (!layer.reason.empty()) list += fmt::format(" ({})", layer.reason);
  }
  return list;
}

}  // namespace

Node::Node(net::Loop& loop, Options options, const DescriptorShares& descriptors)
    : loop_(loop),
      options_(std::move(options)),
      languages_(load_languages(options_)),
      listener_(std::make_unique<net::Listener>(
          loop, options_.listen.host, options_.listen.port,
          [this](auto stream) { server_.accept(std::move(stream)); }, net::Listener::Start::later,
          protection_of(options_.entry))),
      address_(net::address_text(listener_->host(), listener_->port())),
      log_(loop, state_file(options_, listener_->port(), "events.log"),
           options_.name.empty() ? default_name(listener_->port()) : options_.name),
      host_cache_(host_cache(options_, listener_->port())),
      self_test_(loop, log_, self_test_settings(options_, host_cache_)),
      self_tests_(self_test_),
      boxes_(
          loop, {options_.box, box_flags(options_, languages_, host_cache_)}, options_.slots,
          {.on_started = [this](auto slot, auto pid, const auto& layers) { box_started(slot, pid, layers); },
           .on_lost =
               [this](auto slot, const auto& reason) {
                 log_.note("box.lost", {{"slot", std::int64_t{slot}}, {"reason", reason}});
               },
           .on_idle = [this] { box_idle(); },
           .on_fatal = [this](const auto& reason) { fail(reason); }}),
      toolchains_(languages_, boxes_, log_, host_cache_ / "toolchains.json"),
      warm_ups_(languages_, log_, host_cache_ / "warm", options_.prepare),
      programs_(state_file(options_, listener_->port(), "programs"),
                {.max_bytes = options_.max_program_bytes},
                [this](const std::string& warning) {
                  log_.note("programs.warning", {{"message", warning}});
                  fmt::print(stderr, "rota-node: compiled programs on disk: {}\n", warning);
                }),
      session_(protocol::make_job_id(now().utc)),
      drain_end_(loop),
      turn_(loop),
      jobs_(loop, languages_, boxes_, warm_ups_, programs_, log_, within(options_.jobs, descriptors)),
      clusters_(loop, jobs_, log_, {.max_result_bytes = options_.jobs.max_queued_bytes},
                [this] { progressed(); }),
      server_({.loop = loop,
               .jobs = jobs_,
               .clusters = clusters_,
               .log = log_,
               .self_tests = self_tests_,
               .stdin_blobs = stdin_blobs_,
               .hello = [this] { return hello(); },
               .on_progress = [this] { progressed(); },
               .max_waiting_bytes = options_.jobs.max_queued_bytes},
              descriptors.connections),
      joiner_(loop, server_, log_, options_.portals, session_, credentials_of(options_.entry)) {
  boxes_.start();
}

void Node::drain() {
  if (std::exchange(draining_, true) || !ready_) return stop();
  log_.note("node.draining");
  jobs_.close([this] { progressed(); });
  server_.tell_drain();
  drain_end_.once(options_.drain_time, [this] { stop(); });
  if (!stop_if_done())
    fmt::print(stderr, "rota-node: {} finishes the jobs it has; a second signal ends it at once\n",
               log_.host());
}

// In a turn of its own: whoever calls this is in the middle of something.
void Node::progressed() {
  if (draining_) turn_.once(std::chrono::milliseconds(0), [this] { stop_if_done(); });
}

bool Node::stop_if_done() {
  const bool done = jobs_.empty() && clusters_.empty() && server_.has_answered_all();
  if (done) stop();
  return done;
}

void Node::stop() {
  if (listener_ == nullptr) return;
  listener_.reset();
  joiner_.stop();
  drain_end_.stop();
  self_test_.stop();
  log_.note("node.stopping");
  boxes_.stop([this] { loop_.stop(); });
}

void Node::box_started(unsigned slot, int pid, const std::vector<sandbox::Layer>& layers) {
  std::map<std::string, protocol::FieldValue> fields{{"slot", std::int64_t{slot}},
                                                     {"pid", std::int64_t{pid}}};
  const auto missing = list_layers(layers, [](const auto& layer) { return !layer.active; });
  const auto allowed = list_layers(layers, [](const auto& layer) { return !layer.active && layer.expected; });
  fields.emplace("layers", list_layers(layers, [](const auto& layer) { return layer.active; }));
  if (!missing.empty()) fields.emplace("missing", missing);
  if (!allowed.empty()) fields.emplace("allowed_missing", allowed);
  log_.note("box.started", std::move(fields));
  if (!allowed.empty() && !ready_ && slot == 0)
    fmt::print(stderr, "rota-node: RUNS WITHOUT {}, as --allow-missing says\n", allowed);
  // Once: a box that is lost and replaced while the others are tested changes nothing.
  if (tested_ || !boxes_.all_started()) return;
  tested_ = true;
  test_boxes(layers);
}

void Node::test_boxes(const std::vector<sandbox::Layer>& layers) {
  try {
    self_test_.start(layers, [this](const auto& failure) { failure ? fail(*failure) : find_toolchains(); });
  } catch (const std::exception& problem) {
    fail(problem.what());
  }
}

void Node::find_toolchains() {
  finding_toolchains_ = true;
  const Language* wanted = languages_.known_by(options_.ask_toolchain);
  const auto asks = [&](const Language& language) { return options_.prepare || &language == wanted; };
  toolchains_.start(asks, [this] {
    finding_toolchains_ = false;
    if (options_.check) return report_languages();
    became_ready();
    warm_ups_.start([this] { jobs_.look_again(); });
    jobs_.look_again();
  });
}

void Node::report_languages() {
  fmt::print("{}", language_report(languages_));
  stop();
}

void Node::box_idle() {
  if (finding_toolchains_) return toolchains_.look_again();
  jobs_.look_again();
}

void Node::became_ready() {
  listener_->listen();
  ready_ = true;
  log_.note("node.started", {{"address", address_}, {"slots", std::int64_t{options_.slots}}});
  fmt::print(stderr, "rota-node: {} takes jobs on {}\n", log_.host(), address_);
  joiner_.start();
  tell_ready(std::exchange(options_.ready_fd, -1), address_);
}

protocol::Hello Node::hello() const {
  return {.name = log_.host(),
          .slots = options_.slots,
          .languages = languages_.names(),
          .toolchains = languages_.toolchains(),
          .accepts = languages_.accepted(),
          .session = session_,
          .labels = options_.labels,
          .memory_bytes = memory_of_this_machine(),
          .draining = jobs_.is_closed()};
}

void Node::fail(const std::string& reason) {
  if (!failure_) failure_ = reason;
  stop();
}

}  // namespace rota::node
