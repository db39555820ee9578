// rota-node: compiles and runs programs in sandboxes. One libuv loop, one thread; it starts rota-box
// processes and does nothing privileged itself.

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>

#include <cstdio>
#include <memory>
#include <optional>

#include "base/daemon.hpp"
#include "base/temp_dir.hpp"
#include "judge-node/descriptor_limit.hpp"
#include "judge-node/node.hpp"
#include "judge-node/options.hpp"
#include "net/loop.hpp"
#include "net/signals.hpp"

namespace {

// One that only looks leaves nothing behind.
std::unique_ptr<rota::TempDir> own_state_of(rota::node::Options& options) {
  if (!options.check) return nullptr;
  options.listen.port = 0;
  auto folder = std::make_unique<rota::TempDir>("rota-check-");
  if (options.host_cache.empty() && !options.state_dir.empty())
    options.host_cache = options.state_dir / "host-cache";
  options.state_dir = folder->path();
  return folder;
}

int run(rota::node::Options options) {
  const auto state = own_state_of(options);
  rota::net::Loop loop;
  std::optional<rota::node::Node> node;
  // Before the node, which starts its boxes: a signal in between would end us at once and leave them to
  // themselves. It is handled by the loop, so not before there is a node.
  const rota::net::Signals signals(loop, {SIGTERM, SIGINT}, [&](int) { node->drain(); });
  node.emplace(loop, options, rota::node::shares_of(rota::net::raise_descriptor_limit()));
  rota::ask_for_short_slices();
  loop.run();
  if (!node->failure()) return 0;
  fmt::print(stderr, "rota-node: {}\n", *node->failure());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  try {
    const auto parsed = rota::node::parse_options(argc, argv);
    if (parsed.exit_status >= 0) return parsed.exit_status;
    // The boxes must not keep it open: who waits for it would not see our end.
    if (parsed.options.ready_fd >= 0) ::fcntl(parsed.options.ready_fd, F_SETFD, FD_CLOEXEC);
    return run(parsed.options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "rota-node: {}\n", error.what());
    return 1;
  }
}
