#pragma once
// Notices that a portal, which pings each second, is there no more though its connection still stands: no byte has come
// for eight beats. Beats count, not time: where this process itself has been held up, one beat comes late, and what has
// arrived meanwhile is read before the next.

#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>

#include "net/stream.hpp"
#include "net/timer.hpp"

namespace rota::node {

class SilenceWatch {
 public:
  static constexpr std::chrono::milliseconds kBeat{1000};
  static constexpr int kSilentBeats = 8;

  // The stream outlives the watch. on_silence may destroy the watch.
  SilenceWatch(net::Loop& loop, const net::PacketStream& stream, std::function<void()> on_silence)
      : stream_(stream), on_silence_(std::move(on_silence)), beat_(loop) {
    beat_.every(kBeat, [this] { beat(); });
  }

 private:
  void beat() {
    const auto heard = stream_.received_bytes();
    silent_ = heard == heard_ ? silent_ + 1 : 0;
    heard_ = heard;
    if (silent_ < kSilentBeats) return;
    const auto on_silence = std::move(on_silence_);
    beat_.stop();
    on_silence();
  }

  const net::PacketStream& stream_;
  std::function<void()> on_silence_;
  net::Timer beat_;
  std::uint64_t heard_ = 0;
  int silent_ = 0;
};

}  // namespace rota::node
