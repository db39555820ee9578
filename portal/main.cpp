// rota-portal: takes programs from clients and has judge nodes compile and run them. One libuv loop, one
// thread.

#include <signal.h>

#include <iostream>

#include "base/daemon.hpp"
#include "base/line_log.hpp"
#include "net/loop.hpp"
#include "net/signals.hpp"
#include "portal/commands.hpp"
#include "portal/options.hpp"
#include "portal/server.hpp"

namespace {

int run(const rota::portal::Options& options) {
  const std::size_t descriptors = rota::net::raise_descriptor_limit();
  rota::LineLog log(options.state_dir / "events.log");
  rota::net::Loop loop;
  const rota::net::Signals signals(loop, {SIGTERM, SIGINT}, [&](int) { loop.stop(); });
  std::unique_ptr<rota::portal::Server> server;  // its callback asks it for its address
  server = std::make_unique<rota::portal::Server>(loop, options, log, descriptors / 2, [&] {
    const auto address = rota::net::address_text(server->listener().host(), server->listener().port());
    std::cerr << "rota-portal: ready on " << address << "\n";
    rota::tell_ready(options.ready_fd, address);
  });
  rota::ask_for_short_slices();
  loop.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  if (const auto status = rota::portal::run_command(argc, argv)) return *status;
  const auto parsed = rota::portal::parse_options(argc, argv);
  if (parsed.exit_status >= 0) return parsed.exit_status;
  try {
    return run(parsed.options);
  } catch (const std::exception& error) {
    std::cerr << "rota-portal: " << error.what() << "\n";
    return 1;
  }
}
