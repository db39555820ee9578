#pragma once
// Other sandboxes, each as its manual page would have one program run, with what it does by itself.

#include <string>
#include <vector>

namespace rota::bench {

struct Peer {
  std::string name;  // "bwrap"
  std::string path;
  std::vector<std::string> flags;              // what stands before the program
  std::vector<std::string> prepare, clean_up;  // flags, once before and once after the runs; empty: nothing

  std::vector<std::string> command(std::vector<std::string> arguments) const;
  std::vector<std::string> command_for(const std::string& program) const;
};

// Makes what the peer needs once, and takes it away.
class PreparedPeer {
 public:
  explicit PreparedPeer(const Peer& peer);  // throws where the peer refuses
  ~PreparedPeer();
  PreparedPeer(const PreparedPeer&) = delete;
  PreparedPeer& operator=(const PreparedPeer&) = delete;

 private:
  const Peer& peer_;
};

// Those on PATH. folder holds the programs that are to be run.
std::vector<Peer> find_peers(const std::string& folder);

}  // namespace rota::bench
