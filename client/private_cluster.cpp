#include "client/private_cluster.hpp"

#include "client/console.hpp"
#include "client/exit_status.hpp"
#include "client/harmless.hpp"
#include "client/sibling.hpp"

namespace rota::client {
namespace {

constexpr const char* kPurpose = "no portal is configured (--portal names one), and to start a private one";

}  // namespace

PrivateCluster::PrivateCluster(InterruptibleLoop& loop, PrivateNode node,
                               std::function<void(const net::Address&)> on_ready)
    : loop_(loop),
      settings_(std::move(node)),
      on_ready_(std::move(on_ready)),
      folder_("rota-run-"),
      patience_(loop.loop()) {
  patience_.once(kStartPatience, [this] {
    failed("the private portal and node were not ready after " + std::to_string(kStartPatience.count()) +
           " s");
  });
  sibling("rota-portal", kPurpose);  // says so before anything is started
  start_node();
}

PrivateCluster::~PrivateCluster() {
  // Both at once; their destructors wait.
  if (portal_) portal_->request_stop();
  if (node_) node_->request_stop();
}

void PrivateCluster::start_node() {
  const auto state = folder_.path() / "node";
  std::vector<std::string> flags{"--listen",     "127.0.0.1:0",  "--slots",           "1",
                                 "--name",       "node",         "--state-dir",       state.string(),
                                 "--no-prepare", "--host-cache", settings_.host_cache};
  flags.insert(flags.end(), {"--drain-time", "1ms"});  // whoever interrupts us waits for nothing
  flags.push_back("--ask-toolchain=" +
                  settings_.wanted);  // so that what is missing is not taken for the program's error
  for (const auto& layer : settings_.allow_missing) flags.insert(flags.end(), {"--allow-missing", layer});
  node_.emplace(loop_.loop(), sibling("rota-node", kPurpose), std::move(flags),
                folder_.path() / "node.output",
                DaemonProcess::Events{[this](const std::string& address) { start_portal(address); },
                                      [this](const std::string& problem) { failed(problem); }});
}

void PrivateCluster::start_portal(const std::string& node_address) {
  const auto state = folder_.path() / "portal";
  portal_.emplace(loop_.loop(), sibling("rota-portal", kPurpose),
                  std::vector<std::string>{"--listen", "127.0.0.1:0", "--node", node_address, "--name",
                                           "portal", "--store", "memory", "--state-dir", state.string()},
                  folder_.path() / "portal.output",
                  DaemonProcess::Events{[this](const std::string& address) {
                                          patience_.stop();
                                          on_ready_(net::parse_address(address));
                                        },
                                        [this](const std::string& problem) { failed(problem); }});
}

void PrivateCluster::failed(const std::string& problem) {
  patience_.stop();
  say(harmless_text(problem));
  loop_.finish(kUnavailable);
}

}  // namespace rota::client
