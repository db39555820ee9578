#pragma once
// Bounded writer and reader of the fields that messages are made of, and of the descriptors beside them; message.hpp
// gives the format.

#include <utility>

#include "base/byte_fields.hpp"
#include "sandbox/message.hpp"

namespace rota::sandbox {

class MessageWriter : public ByteWriter {
 public:
  // A descriptor that may be absent: one byte, and the descriptor beside the bytes.
  void put_optional_fd(int fd) {
    put(static_cast<std::uint8_t>(fd >= 0));
    if (fd >= 0) put_fd(fd);
  }
  void put_fd(int fd) { fds_.push_back(fd); }

  OutgoingMessage take() { return {take_bytes(), std::move(fds_)}; }

 private:
  std::vector<int> fds_;
};

class MessageReader : public ByteReader {
 public:
  explicit MessageReader(IncomingMessage message)
      : ByteReader(std::move(message.bytes)), fds_(std::move(message.fds)) {}

  // The next descriptor; the reader goes on owning it until take_fds().
  int get_fd() {
    if (next_fd_ == fds_.size()) throw MessageError("a descriptor is missing");
    return fds_[next_fd_++].get();
  }
  int get_optional_fd() { return get_bool() ? get_fd() : -1; }
  UniqueFd take_fd() {
    get_fd();
    return std::move(fds_[next_fd_ - 1]);
  }
  // To be called when all fields are read.
  std::vector<UniqueFd> take_fds() {
    require_end();
    return std::move(fds_);
  }
  void require_end() const {
    ByteReader::require_end();
    if (next_fd_ != fds_.size()) throw MessageError("descriptors are left over");
  }

 private:
  std::vector<UniqueFd> fds_;
  std::size_t next_fd_ = 0;
};

}  // namespace rota::sandbox
