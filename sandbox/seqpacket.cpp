#include "sandbox/seqpacket.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/check.hpp"

namespace rota::sandbox {
namespace {

using Clock = std::chrono::steady_clock;

union ControlBuffer {
  cmsghdr alignment;
  char bytes[CMSG_SPACE(sizeof(int) * kMaxMessageFds)];
};

msghdr header_for(iovec& part) {
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  return header;
}

void attach_fds(msghdr& header, ControlBuffer& control, const std::vector<int>& fds) {
  if (fds.empty()) return;
  header.msg_control = control.bytes;
  header.msg_controllen = CMSG_SPACE(sizeof(int) * fds.size());
  cmsghdr* part = CMSG_FIRSTHDR(&header);
  part->cmsg_level = SOL_SOCKET;
  part->cmsg_type = SCM_RIGHTS;
  part->cmsg_len = CMSG_LEN(sizeof(int) * fds.size());
  std::memcpy(CMSG_DATA(part), fds.data(), sizeof(int) * fds.size());
}

std::vector<UniqueFd> detach_fds(msghdr& header) {
  std::vector<UniqueFd> fds;
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof(int));
      fds.emplace_back(fd);
    }
  }
  return fds;
}

bool means_gone(int error) {
  return error == EPIPE || error == ECONNRESET || error == ENOTCONN || error == ECONNREFUSED;
}

// Of the next message, which stays where it is; nullopt where there is none. seqpacket(7): MSG_TRUNC gives the length
// that it really has.
std::optional<std::size_t> next_size(int socket) {
  const ssize_t size = ::recv(socket, nullptr, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
  if (size == 0 || (size < 0 && means_gone(errno)))
    throw PeerGone("the other end of the box's socket is closed");
  return static_cast<std::size_t>(check(size, "receive from the box's socket"));
}

// Throws PeerGone when the time has passed.
void wait_for_room(int socket, Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  if (left.count() <= 0) throw PeerGone("the other end of the box's socket does not read");
  pollfd ready{socket, POLLOUT, 0};
  if (::poll(&ready, 1, static_cast<int>(left.count())) < 0 && errno != EINTR)
    check(-1, "wait for room in the box's socket");
}

}  // namespace

void send_message(int socket, const OutgoingMessage& message) {
  if (message.fds.size() > kMaxMessageFds) throw MessageError("too many descriptors for one message");
  iovec part{const_cast<char*>(message.bytes.data()), message.bytes.size()};
  msghdr header = header_for(part);
  ControlBuffer control{};
  attach_fds(header, control, message.fds);
  const auto deadline = Clock::now() + kSendPatience;
  while (::sendmsg(socket, &header, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
    if (means_gone(errno)) throw PeerGone("the other end of the box's socket is closed");
    if (errno == EINTR) continue;
    if (errno != EAGAIN) check(-1, "send to the other end of the box's socket");
    wait_for_room(socket, deadline);
  }
}

std::optional<IncomingMessage> receive_message(int socket) {
  const auto expected = next_size(socket);
  if (!expected) return std::nullopt;
  IncomingMessage message{std::string(std::min(*expected, kMaxMessageBytes), '\0'), {}};
  iovec part{message.bytes.data(), message.bytes.size()};
  msghdr header = header_for(part);
  ControlBuffer control;
  header.msg_control = control.bytes;
  header.msg_controllen = sizeof(control.bytes);
  const ssize_t size = ::recvmsg(socket, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  message.bytes.resize(static_cast<std::size_t>(check(size, "receive from the box's socket")));
  message.fds = detach_fds(header);
  if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) throw MessageError("a message passes its bound");
  return message;
}

}  // namespace rota::sandbox
