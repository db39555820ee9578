#include "bench/support/peers.hpp"

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <sstream>

#include "bench/support/spawn.hpp"

namespace rota::bench {
namespace {

std::vector<Peer> known_peers(const std::string& folder) {
  return {
      // Namespaces and mounts; no limits, no filter, no accounting.
      {"bwrap",
       "",
       {"--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--"}},
      // Namespaces, rlimits.
      {"nsjail", "", {"-Mo", "-Q", "--chroot", "/", "--user", "65534", "--group", "65534", "--"}},
      // Namespaces, rlimits; its box is made once and used again.
      {"isolate",
       "",
       {"--silent", "--dir=" + folder, "--run", "--"},
       {"--silent", "--init"},
       {"--silent", "--cleanup"}},
      // Namespaces.
      {"minijail0", "", {"-p", "-v", "-r", "-l", "-e", "--uts", "-n", "--"}},
      {"firejail", "", {"--quiet", "--noprofile", "--keep-var-tmp", "--net=none", "--"}},
  };
}

std::string find_on_path(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string program = folder + "/" + name;
    if (::access(program.c_str(), X_OK) == 0) return program;
  }
  return {};
}

}  // namespace

std::vector<std::string> Peer::command(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), path);
  return arguments;
}

std::vector<std::string> Peer::command_for(const std::string& program) const {
  std::vector<std::string> argv = command(flags);
  argv.push_back(program);
  return argv;
}

PreparedPeer::PreparedPeer(const Peer& peer) : peer_(peer) {
  if (!peer.prepare.empty()) spawn_and_wait(peer.command(peer.prepare));
}

PreparedPeer::~PreparedPeer() {
  try {
    if (!peer_.clean_up.empty()) spawn_and_wait(peer_.command(peer_.clean_up));
  } catch (const std::exception& error) {
    std::cerr << peer_.name << " does not clean up: " << error.what() << "\n";
  }
}

std::vector<Peer> find_peers(const std::string& folder) {
  std::vector<Peer> found;
  for (Peer& peer : known_peers(folder)) {
    peer.path = find_on_path(peer.name);
    if (!peer.path.empty()) found.push_back(std::move(peer));
  }
  return found;
}

}  // namespace rota::bench
