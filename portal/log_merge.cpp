#include "portal/log_merge.hpp"

#include <algorithm>

namespace rota::portal {

void LogMerge::add(std::size_t source, protocol::Event line, Instant now) {
  sources_.at(source).lines.push_back({std::move(line), now.monotonic});
  ++held_;
}

LogMerge::Lines LogMerge::take(Instant now) {
  Lines out;
  for (Source* source = earliest(); source != nullptr && may_go(*source, now); source = earliest()) {
    out.push_back(std::move(source->lines.front().line));
    source->lines.pop_front();
    --held_;
  }
  return out;
}

bool LogMerge::done() const {
  return std::all_of(sources_.begin(), sources_.end(),
                     [](const Source& source) { return source.ended && source.lines.empty(); });
}

LogMerge::Source* LogMerge::earliest() {
  Source* best = nullptr;
  for (Source& source : sources_) {
    if (source.lines.empty()) continue;
    if (best == nullptr || source.lines.front().line.time < best->lines.front().line.time) best = &source;
  }
  return best;
}

bool LogMerge::may_go(const Source& source, Instant now) const {
  if (held_ > bounds_.max_held) return true;
  if (follow_ && now.monotonic - source.lines.front().since >= bounds_.hold) return true;
  return std::all_of(sources_.begin(), sources_.end(),
                     [](const Source& other) { return other.ended || !other.lines.empty(); });
}

}  // namespace rota::portal
