#pragma once
// How the node talks to one `rota-box serve` process: one request, one reply, over a SOCK_SEQPACKET unix
// socket with passed descriptors. receive() never waits; readiness comes from fd(). run() and cancel() take
// microseconds while the socket has room, as it has for a box that reads; one that does not, because it hangs
// or is stopped, can make them wait for up to five seconds (kSendPatience), then they throw BoxGone.

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/unique_fd.hpp"
#include "sandbox/spec.hpp"

namespace rota::sandbox {

// The box process has died or said what makes no sense. Start another.
class BoxGone : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// First message of a box: it is prepared and takes runs.
struct BoxReady {
  std::vector<Layer> layers;
};

// First message of a box that cannot be prepared: which step failed and why. The process ends.
struct BoxRefused {
  std::string reason;
};

using BoxMessage = std::variant<BoxReady, BoxRefused, RunReply>;

class BoxClient {
 public:
  // {our end, the end that becomes descriptor 3 of `rota-box serve`}: both close-on-exec, ours non-blocking.
  static std::pair<UniqueFd, UniqueFd> make_sockets();

  explicit BoxClient(UniqueFd socket) : socket_(std::move(socket)) {}

  int fd() const { return socket_.get(); }

  // Only when no run is in progress. Throws std::invalid_argument where the spec passes its bounds, BoxGone
  // where the box has died or does not read.
  void run(const RunSpec& spec);

  // Ends the run in progress; its reply still comes (cause box_failure, detail "cancelled"). Throws BoxGone
  // as run() does.
  void cancel();

  // The next message, or nullopt when none is there. Throws BoxGone.
  std::optional<BoxMessage> receive();

 private:
  UniqueFd socket_;
};

}  // namespace rota::sandbox
