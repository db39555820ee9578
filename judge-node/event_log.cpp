#include "judge-node/event_log.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <system_error>
#include <utility>

#include "protocol/conversion.hpp"

namespace rota::node {

EventLog::EventLog(std::filesystem::path file, std::string host)
    : log_(std::move(file)), host_(std::move(host)) {}

void EventLog::append(const protocol::Event& event) {
  write(event);
  for (const auto& [number, on_append] : subscribers_) on_append();
}

void EventLog::note(const std::string& name, std::map<std::string, protocol::FieldValue> fields) {
  append(
      {.time = now().utc, .offset = {}, .host = host_, .job = {}, .name = name, .fields = std::move(fields)});
}

EventLog::Subscription EventLog::subscribe(std::function<void()> on_append) {
  const std::uint64_t number = next_subscriber_++;
  subscribers_.emplace(number, std::move(on_append));
  return {*this, number};
}

void EventLog::write(const protocol::Event& event) {
  try {
    log_.append(protocol::to_log_line(event));
    failing_ = false;
  } catch (const std::system_error& problem) {
    if (!std::exchange(failing_, true))
      fmt::print(stderr, "rota-node: the event log is not written: {}\n", problem.what());
  }
}

}  // namespace rota::node
