#pragma once
// EOT framing: a packet is one JSON object in UTF-8 followed by one EOT byte (0x04). JSON escapes control
// characters, so EOT cannot occur inside a packet and no length is needed. See PROTOCOL.md, "Framing".

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rota::protocol {

inline constexpr char kEot = '\x04';

// Largest packet, EOT not counted. Holds the largest result: two outputs of 16 MiB in base64, compiler output
// and timeline (see limits.hpp).
inline constexpr std::size_t kMaxPacketBytes = 64 << 20;

// Cuts a byte stream into packets. Input may be split anywhere; each byte is looked at once, so the cost is
// linear in the bytes received. Call next() until it gives nothing after each feed(), so that no more than
// one packet is kept.
class PacketDecoder {
 public:
  explicit PacketDecoder(std::size_t max_packet_bytes = kMaxPacketBytes)
      : max_packet_bytes_(max_packet_bytes) {}

  // From the next packet on, and for the one that has begun.
  void set_max_packet_bytes(std::size_t bytes) { max_packet_bytes_ = bytes; }

  void feed(std::string_view bytes);

  // The next whole packet without its EOT, or nullopt until more bytes come. Throws
  // ProtocolError{packet_too_large} when a packet passes its bound, after all packets before it have been
  // handed out; the stream is lost then, and every further call throws again.
  std::optional<std::string> next();

  // Bytes of a packet that has begun and not ended.
  std::size_t pending_bytes() const { return buffer_.size() - begin_; }

  // What the decoder holds; after a large packet has been handed out, its memory is given back.
  std::size_t memory_bytes() const { return buffer_.capacity(); }

 private:
  std::string take_whole_buffer();
  void drop_handed_out();

  std::size_t max_packet_bytes_;
  std::string buffer_;
  std::size_t begin_ = 0;    // first byte not yet handed out
  std::size_t scanned_ = 0;  // bytes before this hold no EOT after begin_
};

// json + EOT.
std::string framed(std::string json);

}  // namespace rota::protocol
