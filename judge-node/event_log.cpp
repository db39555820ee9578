#include "judge-node/event_log.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <system_error>
#include <utility>

#include "net/turn_end.hpp"
#include "protocol/conversion.hpp"

namespace rota::node {

EventLog::EventLog(net::Loop& loop, std::filesystem::path file, std::string host)
    : loop_(loop), log_(std::move(file)), host_(std::move(host)) {}

void EventLog::append(const protocol::Event& event) {
  keep([&] {
    if (log_.gather(protocol::to_log_line(event))) loop_.turn_end().call([this] { flush(); });
  });
}

void EventLog::flush() {
  keep([this] {
    log_.flush();
    failing_ = false;
  });
  for (const auto& [number, on_written] : subscribers_) on_written();
}

void EventLog::note(const std::string& name, std::map<std::string, protocol::FieldValue> fields) {
  append(
      {.time = now().utc, .offset = {}, .host = host_, .job = {}, .name = name, .fields = std::move(fields)});
  flush();
}

EventLog::Subscription EventLog::subscribe(std::function<void()> on_written) {
  const std::uint64_t number = next_subscriber_++;
  subscribers_.emplace(number, std::move(on_written));
  return {*this, number};
}

template <typename Work>
void EventLog::keep(Work&& work) {
  try {
    work();
  } catch (const std::system_error& problem) {
    if (!std::exchange(failing_, true))
      fmt::print(stderr, "rota-node: the event log is not written: {}\n", problem.what());
  }
}

}  // namespace rota::node
