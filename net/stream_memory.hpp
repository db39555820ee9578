#pragma once
// How many bytes the connections of one loop keep together: of packets whose end has not come, and of packets
// that their peers have not taken. Past the bound the one that keeps most has to go, so that whoever fills
// the memory does not cost those anything who come after.

#include <cstddef>
#include <map>

namespace rota::net {

class PacketStream;

class StreamMemory {
 public:
  explicit StreamMemory(std::size_t max_bytes = std::size_t{1} << 30) : max_bytes_(max_bytes) {}

  // What one connection keeps now, in place of what it kept before; 0 takes it off.
  void set(PacketStream* stream, std::size_t bytes);

  // The stream that has to be closed next, or null while the bound is kept.
  PacketStream* one_too_many() const;

  std::size_t bytes() const { return bytes_; }

 private:
  std::size_t max_bytes_;
  std::map<PacketStream*, std::size_t> kept_;
  std::size_t bytes_ = 0;
};

}  // namespace rota::net
