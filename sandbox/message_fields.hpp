#pragma once
// Bounded writer and reader of the fields that messages are made of; message.hpp gives the format.

#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "sandbox/message.hpp"

namespace rota::sandbox {

class MessageWriter {
 public:
  template <std::integral Integer>
  void put(Integer value) {
    const auto bits = static_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
      message_.bytes.push_back(static_cast<char>(bits >> (8 * i) & 0xff));
    }
  }
  void put_text(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    message_.bytes.append(text);
  }
  // A descriptor that may be absent: one byte, and the descriptor beside the bytes.
  void put_optional_fd(int fd) {
    put(static_cast<std::uint8_t>(fd >= 0));
    if (fd >= 0) message_.fds.push_back(fd);
  }
  void put_fd(int fd) { message_.fds.push_back(fd); }

  OutgoingMessage take() { return std::move(message_); }

 private:
  OutgoingMessage message_;
};

class MessageReader {
 public:
  explicit MessageReader(IncomingMessage message) : message_(std::move(message)), rest_(message_.bytes) {}
  ~MessageReader() = default;
  MessageReader(const MessageReader&) = delete;
  MessageReader& operator=(const MessageReader&) = delete;

  template <std::integral Integer>
  Integer get() {
    const std::string_view bytes = take(sizeof(Integer));
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
      bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
    return static_cast<Integer>(bits);
  }
  bool get_bool() {
    const auto value = get<std::uint8_t>();
    if (value > 1) throw MessageError("a truth value is neither 0 nor 1");
    return value == 1;
  }
  std::string get_text(std::size_t bound) { return std::string(take(get_length(bound))); }
  std::size_t get_length(std::size_t bound) {
    const auto length = get<std::uint32_t>();
    if (length > bound) throw MessageError("a length of " + std::to_string(length) + " passes its bound");
    return length;
  }
  // The next descriptor; the reader goes on owning it until take_fds().
  int get_fd() {
    if (next_fd_ == message_.fds.size()) throw MessageError("a descriptor is missing");
    return message_.fds[next_fd_++].get();
  }
  int get_optional_fd() { return get_bool() ? get_fd() : -1; }
  UniqueFd take_fd() {
    get_fd();
    return std::move(message_.fds[next_fd_ - 1]);
  }
  // To be called when all fields are read.
  std::vector<UniqueFd> take_fds() {
    require_end();
    return std::move(message_.fds);
  }
  void require_end() const {
    if (!rest_.empty()) throw MessageError("bytes are left over");
    if (next_fd_ != message_.fds.size()) throw MessageError("descriptors are left over");
  }

 private:
  std::string_view take(std::size_t size) {
    if (rest_.size() < size) throw MessageError("a field is cut short");
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }

  IncomingMessage message_;
  std::string_view rest_;
  std::size_t next_fd_ = 0;
};

}  // namespace rota::sandbox
