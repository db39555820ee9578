#include "sandbox/serve.hpp"

#include <array>
#include <iostream>
#include <memory>

#include "base/check.hpp"
#include "sandbox/end_signals.hpp"
#include "sandbox/layers.hpp"
#include "sandbox/seqpacket.hpp"

namespace rota::sandbox {
namespace {

class Server {
 public:
  Server(int socket, Supervisor& supervisor, const EndSignals& signals)
      : socket_(socket),
        supervisor_(supervisor),
        signals_(signals),
        interruptions_{Interruption{socket, [this] { return reads_a_cancel(); }},
                       Interruption{signals.fd(), [this] { return signals_.arrived(); }}} {}

  void answer_until_the_end() {
    while (wait_for_request()) {
      auto message = receive_message(socket_);
      if (!message) continue;
      answer(std::move(*message));
      if (gone_) return;
    }
  }

 private:
  // False where a signal asks for the end.
  bool wait_for_request() {
    std::array<pollfd, 3> all{pollfd{socket_, POLLIN, 0}, pollfd{signals_.fd(), POLLIN, 0},
                              pollfd{supervisor_.idle_interest(), POLLIN, 0}};
    if (::poll(all.data(), all.size(), -1) < 0 && errno != EINTR) check(-1, "wait for a request");
    if (all[2].revents != 0) supervisor_.on_idle();
    return all[1].revents == 0;
  }

  // A request that cannot be understood is answered like a run that could not be made.
  void answer(IncomingMessage message) {
    try {
      const BoxRequest request = decode_request(std::move(message));
      const auto* run = std::get_if<RunRequest>(&request);
      if (run == nullptr) return;  // a cancel that came after its run had ended
      const RunReply reply = supervisor_.run(run->spec, interruptions_);
      if (!gone_) send_message(socket_, encode(reply));
    } catch (const MessageError& error) {
      RunReply refusal;
      refusal.report.detail = std::string("malformed request: ") + error.what();
      send_message(socket_, encode(refusal));
    }
    supervisor_.prepare_next();
  }

  // During a run only a cancel may come; the end of the stream or anything else ends the box.
  bool reads_a_cancel() {
    try {
      auto message = receive_message(socket_);
      if (!message) return false;
      gone_ = !std::holds_alternative<CancelRequest>(decode_request(std::move(*message)));
    } catch (const std::exception&) {
      gone_ = true;
    }
    return true;
  }

  int socket_;
  Supervisor& supervisor_;
  const EndSignals& signals_;
  std::array<Interruption, 2> interruptions_;
  bool gone_ = false;
};

std::unique_ptr<Supervisor> prepare(int socket, const BoxOptions& options) {
  std::unique_ptr<Supervisor> supervisor;
  try {
    supervisor = std::make_unique<Supervisor>(options);
    require_layers(supervisor->layers(), options.allow_missing);
    send_message(socket, encode(BoxReady{supervisor->layers()}));
  } catch (const PeerGone&) {
    throw;
  } catch (const std::exception& error) {
    supervisor.reset();
    send_message(socket, encode(BoxRefused{error.what()}));
  }
  return supervisor;
}

}  // namespace

int serve(int socket, const BoxOptions& options) {
  const EndSignals signals;
  try {
    auto supervisor = prepare(socket, options);
    if (!supervisor) return 1;
    Server(socket, *supervisor, signals).answer_until_the_end();
    return 0;
  } catch (const PeerGone&) {
    return 0;  // the node ended us by going
  } catch (const std::exception& error) {
    std::cerr << "rota-box: " << error.what() << '\n';
    return 1;
  }
}

}  // namespace rota::sandbox
