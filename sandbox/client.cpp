#include "sandbox/client.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include "base/check.hpp"
#include "sandbox/seqpacket.hpp"

namespace rota::sandbox {
namespace {

void send_or_gone(int socket, const OutgoingMessage& message) {
  try {
    send_message(socket, message);
  } catch (const PeerGone& gone) {
    throw BoxGone(gone.what());
  }
}

}  // namespace

std::pair<UniqueFd, UniqueFd> BoxClient::make_sockets() {
  int ends[2];
  check(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), "make the box's socket");
  UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  check(::fcntl(ours.get(), F_SETFL, O_NONBLOCK), "make our end of the box's socket non-blocking");
  return {std::move(ours), std::move(theirs)};
}

void BoxClient::run(const RunSpec& spec) {
  if (const auto problem = find_problem(spec)) throw std::invalid_argument(*problem);
  const OutgoingMessage message = encode(spec);
  if (message.bytes.size() > kMaxMessageBytes)
    throw std::invalid_argument("the request is too long for one message");
  send_or_gone(socket_.get(), message);
}

void BoxClient::cancel() {
  send_or_gone(socket_.get(), encode(CancelRequest{}));
}

std::optional<BoxMessage> BoxClient::receive() {
  try {
    auto message = receive_message(socket_.get());
    if (!message) return std::nullopt;
    return decode_box_message(std::move(*message));
  } catch (const PeerGone& gone) {
    throw BoxGone(gone.what());
  } catch (const MessageError& error) {
    throw BoxGone(std::string("the box spoke nonsense: ") + error.what());
  }
}

}  // namespace rota::sandbox
