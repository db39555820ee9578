#include "judge-node/node.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "base/daemon.hpp"

namespace rota::node {
namespace {

LanguageTable load_languages(const Options& options) {
  LanguageTable table = LanguageTable::load(options.languages);
  table.clip_limits(options.jobs.maxima);
  return table;
}

JobServiceSettings within(JobServiceSettings settings, const DescriptorShares& descriptors) {
  settings.cache.max_files = descriptors.cached_files;
  return settings;
}

std::filesystem::path log_file(const Options& options, int port) {
  return (options.state_dir.empty() ? default_state_dir(fmt::format("node-{}", port)) : options.state_dir) /
         "events.log";
}

}  // namespace

Node::Node(net::Loop& loop, Options options, const DescriptorShares& descriptors)
    : loop_(loop),
      options_(std::move(options)),
      languages_(load_languages(options_)),
      listener_(std::make_unique<net::Listener>(loop, options_.listen.host, options_.listen.port,
                                                [this](auto stream) { server_.accept(std::move(stream)); })),
      address_(net::address_text(listener_->host(), listener_->port())),
      log_(log_file(options_, listener_->port()),
           options_.name.empty() ? default_name(listener_->port()) : options_.name),
      boxes_(
          loop, options_.box, options_.slots,
          {.on_started = [this](auto slot, auto pid, const auto& layers) { box_started(slot, pid, layers); },
           .on_lost =
               [this](auto slot, const auto& reason) {
                 log_.note("box.lost", {{"slot", std::int64_t{slot}}, {"reason", reason}});
               },
           .on_idle = [this] { jobs_.look_again(); },
           .on_fatal = [this](const auto& reason) { fail(reason); }}),
      jobs_(loop, languages_, boxes_, log_, within(options_.jobs, descriptors)),
      server_({.loop = loop,
               .jobs = jobs_,
               .log = log_,
               .slots = options_.slots,
               .languages = languages_.names(),
               .max_waiting_bytes = options_.jobs.max_queued_bytes},
              descriptors.connections) {
  boxes_.start();
}

void Node::stop() {
  if (listener_ == nullptr) return;
  listener_.reset();
  log_.note("node.stopping");
  boxes_.stop([this] { loop_.stop(); });
}

void Node::box_started(unsigned slot, int pid, const std::vector<sandbox::Layer>& layers) {
  std::map<std::string, protocol::FieldValue> fields{{"slot", std::int64_t{slot}},
                                                     {"pid", std::int64_t{pid}}};
  std::string active;
  std::string missing;
  for (const sandbox::Layer& layer : layers) {
    std::string& list = layer.active ? active : missing;
    list += fmt::format("{}{}", list.empty() ? "" : ", ", layer.name);
    if (!layer.reason.empty()) list += fmt::format(" ({})", layer.reason);
  }
  fields.emplace("layers", active);
  if (!missing.empty()) fields.emplace("missing", missing);
  log_.note("box.started", std::move(fields));
  if (!ready_ && boxes_.all_started()) became_ready();
}

void Node::became_ready() {
  ready_ = true;
  log_.note("node.started", {{"address", address_}, {"slots", std::int64_t{options_.slots}}});
  fmt::print(stderr, "rota-node: {} takes jobs on {}\n", log_.host(), address_);
  tell_ready(std::exchange(options_.ready_fd, -1), address_);
}

void Node::fail(const std::string& reason) {
  if (!failure_) failure_ = reason;
  stop();
}

}  // namespace rota::node
