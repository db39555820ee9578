// rota-portal: takes programs from clients and has judge nodes compile and run them. One libuv loop, one
// thread.

#include <signal.h>
#include <unistd.h>

#include <iostream>

#include "base/line_log.hpp"
#include "net/loop.hpp"
#include "net/signals.hpp"
#include "portal/options.hpp"
#include "portal/server.hpp"

namespace {

void tell_ready(int fd, const std::string& address) {
  if (fd < 0) return;
  const std::string line = address + "\n";
  if (::write(fd, line.data(), line.size()) < 0) std::cerr << "rota-portal: --ready-fd cannot be written\n";
  ::close(fd);
}

int run(const rota::portal::Options& options) {
  rota::LineLog log(options.state_dir / "events.log");
  rota::net::Loop loop;
  const rota::net::Signals signals(loop, {SIGTERM, SIGINT}, [&](int) { loop.stop(); });
  std::unique_ptr<rota::portal::Server> server;  // its callback asks it for its address
  server = std::make_unique<rota::portal::Server>(loop, options, log, [&] {
    const auto address = rota::net::address_text(server->listener().host(), server->listener().port());
    std::cerr << "rota-portal: ready on " << address << "\n";
    tell_ready(options.ready_fd, address);
  });
  loop.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  const auto parsed = rota::portal::parse_options(argc, argv);
  if (parsed.exit_status >= 0) return parsed.exit_status;
  try {
    return run(parsed.options);
  } catch (const std::exception& error) {
    std::cerr << "rota-portal: " << error.what() << "\n";
    return 1;
  }
}
