#include "sandbox/control.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace rota::sandbox {
namespace {

union OneFd {
  cmsghdr alignment;
  char bytes[CMSG_SPACE(sizeof(int))];
};

}  // namespace

bool send_control(int socket, const ControlMessage& message, int fd) noexcept {
  iovec part{const_cast<ControlMessage*>(&message), sizeof message};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  OneFd control{};
  if (fd >= 0) {
    header.msg_control = control.bytes;
    header.msg_controllen = sizeof control.bytes;
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(rights), &fd, sizeof(int));
  }
  ssize_t sent = 0;
  do {
    sent = ::sendmsg(socket, &header, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(sizeof message);
}

ControlState receive_control(int socket, ControlMessage& message, UniqueFd& fd) noexcept {
  iovec part{&message, sizeof message};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  OneFd control;
  header.msg_control = control.bytes;
  header.msg_controllen = sizeof control.bytes;
  const ssize_t size = ::recvmsg(socket, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return ControlState::nothing_yet;
  if (size != static_cast<ssize_t>(sizeof message)) return ControlState::closed;
  fd.reset();
  const cmsghdr* rights = CMSG_FIRSTHDR(&header);
  if (rights != nullptr && rights->cmsg_level == SOL_SOCKET && rights->cmsg_type == SCM_RIGHTS) {
    int received = -1;
    std::memcpy(&received, CMSG_DATA(rights), sizeof(int));
    fd.reset(received);
  }
  return ControlState::message;
}

}  // namespace rota::sandbox
