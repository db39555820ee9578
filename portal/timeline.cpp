#include "portal/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "protocol/bounds.hpp"

namespace rota::portal {

using namespace protocol;

namespace {

std::string text_field(const Event& event, const char* name) {
  const auto found = event.fields.find(name);
  const auto* text = found == event.fields.end() ? nullptr : std::get_if<std::string>(&found->second);
  return text == nullptr ? "" : *text;
}

std::int64_t number_field(const Event& event, const char* name) {
  const auto found = event.fields.find(name);
  const auto* number = found == event.fields.end() ? nullptr : std::get_if<std::int64_t>(&found->second);
  return number == nullptr ? 0 : *number;
}

}  // namespace

Event event_of(const JobInfo& job, const std::string& host, Instant now, const char* name,
               std::map<std::string, FieldValue> fields) {
  return {.time = now.utc,
          .offset = std::max(Nanoseconds(0), Nanoseconds(now.utc - job.received)),
          .host = host,
          .job = job.id,
          .name = name,
          .fields = std::move(fields),
          .sequence = job.events.empty() ? 1 : job.events.back().sequence + 1};
}

void merge_timelines(Result& result, const JobInfo& job) {
  if (result.events.size() + job.events.size() > kMaxEvents)
    result.events.resize(kMaxEvents - std::min(kMaxEvents, job.events.size()));
  result.events.insert(result.events.end(), job.events.begin(), job.events.end());
  std::stable_sort(result.events.begin(), result.events.end(),
                   [](const Event& a, const Event& b) { return a.time < b.time; });
}

std::uint64_t bytes_of(const Event& event) {
  std::uint64_t bytes = sizeof event + event.host.size() + event.job.size() + event.name.size();
  for (const auto& [name, value] : event.fields) {
    const auto* text = std::get_if<std::string>(&value);
    bytes += sizeof value + name.size() + (text == nullptr ? 0 : text->size());
  }
  return bytes;
}

std::uint32_t failures_of(const JobInfo& job) {
  return static_cast<std::uint32_t>(std::count_if(
      job.events.begin(), job.events.end(), [](const Event& event) { return event.name == "requeued"; }));
}

void keep_short(JobInfo& job) {
  constexpr std::size_t kMost = 64;
  auto& events = job.events;
  for (auto it = events.begin(); events.size() > kMost && it != events.end();) {
    const bool is_of_refusal = it->name == "refused" || it->name == "dispatched";
    it = is_of_refusal ? events.erase(it) : it + 1;
  }
}

std::string history_of(const JobInfo& job) {
  std::string text;
  for (const Event& event : job.events) {
    if (event.name != "requeued") continue;
    text += fmt::format("{}attempt {} at {}: {}", text.empty() ? "" : "; ", number_field(event, "attempt"),
                        text_field(event, "node"), text_field(event, "reason"));
  }
  return text;
}

}  // namespace rota::portal
