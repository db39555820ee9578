#include "protocol/framing.hpp"

#include <fmt/format.h>

#include <utility>

#include "protocol/error.hpp"

namespace rota::protocol {
namespace {

// A buffer of this capacity is kept between packets; larger ones are given back.
constexpr std::size_t kKeptCapacity = 256 << 10;

[[noreturn]] void fail_too_large(std::size_t bound) {
  throw ProtocolError(
      ErrorCode::packet_too_large, "",
      fmt::format("the packet is larger than {} bytes; the connection ends here, since the next "
                  "packet's beginning cannot be found. Send less in one packet",
                  bound));
}

}  // namespace

void PacketDecoder::feed(std::string_view bytes) {
  buffer_.append(bytes);
}

std::optional<std::string> PacketDecoder::next() {
  const std::size_t eot = buffer_.find(kEot, scanned_);
  const bool whole = eot != std::string::npos;
  scanned_ = whole ? eot : buffer_.size();
  if (scanned_ - begin_ > max_packet_bytes_) fail_too_large(max_packet_bytes_);
  if (!whole) {
    drop_handed_out();
    return std::nullopt;
  }

  if (begin_ == 0 && eot + 1 == buffer_.size()) return take_whole_buffer();
  std::string packet = buffer_.substr(begin_, eot - begin_);
  begin_ = scanned_ = eot + 1;
  return packet;
}

// The usual case, and the one of large packets: the buffer becomes the packet, without a copy.
std::string PacketDecoder::take_whole_buffer() {
  std::string packet = std::exchange(buffer_, {});
  packet.pop_back();
  scanned_ = 0;
  return packet;
}

// Moves the rest to the front only when at least as much has been handed out, so
// that each byte moves once on average.
void PacketDecoder::drop_handed_out() {
  if (begin_ == 0 || begin_ < pending_bytes()) return;
  if (buffer_.capacity() > kKeptCapacity) {
    buffer_.substr(begin_).swap(buffer_);  // an assignment would keep the large one's memory
  } else {
    buffer_.erase(0, begin_);
  }
  scanned_ -= begin_;
  begin_ = 0;
}

std::string framed(std::string json) {
  json += kEot;
  return json;
}

}  // namespace rota::protocol
