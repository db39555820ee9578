#include "portal/timeline.hpp"

#include <gmock/gmock.h>

#include "protocol/bounds.hpp"

namespace rota::portal {
namespace {

using namespace std::chrono_literals;
using protocol::Event;
using testing::ElementsAre;

UtcTime moment(std::chrono::milliseconds time) {
  return UtcTime(1'000'000s) + time;
}

Event event(const std::string& name, std::chrono::milliseconds time) {
  return {.time = moment(time), .name = name};
}

std::vector<std::string> names_of(const std::vector<Event>& events) {
  std::vector<std::string> names;
  for (const Event& one : events) names.push_back(one.name);
  return names;
}

TEST(Timeline, AnEventIsNumberedAfterThoseThatTheJobHas) {
  JobInfo job{.id = "j", .received = moment(100ms)};
  const auto first = event_of(job, "portal", {moment(100ms), 0ns}, "received", {{"client", "pc"}});
  EXPECT_EQ(first.sequence, 1u);
  EXPECT_EQ(first.offset, 0ns);
  EXPECT_EQ(first.job, "j");
  EXPECT_EQ(first.host, "portal");
  EXPECT_TRUE(job.events.empty());
  job.events = {first, first};
  job.events[1].sequence = 2;
  const auto third = event_of(job, "portal", {moment(350ms), 0ns}, "dispatched", {});
  EXPECT_EQ(third.sequence, 3u);
  EXPECT_EQ(third.offset, 250ms);
}

TEST(Timeline, AClockThatIsSetBackMakesNoNegativeOffset) {
  const JobInfo job{.id = "j", .received = moment(100ms)};
  EXPECT_EQ(event_of(job, "portal", {moment(50ms), 0ns}, "queued", {}).offset, 0ns);
}

TEST(Timeline, BothSidesEventsComeInOrderOfTime) {
  JobInfo job;
  job.events = {event("received", 1ms), event("dispatched", 2ms), event("returned", 9ms)};
  protocol::Result result;
  result.events = {event("accepted", 3ms), event("run.started", 4ms), event("collected", 8ms)};
  merge_timelines(result, job);
  EXPECT_THAT(names_of(result.events),
              ElementsAre("received", "dispatched", "accepted", "run.started", "collected", "returned"));
}

TEST(Timeline, OfTooManyEventsTheNodesLastGo) {
  JobInfo job;
  job.events = {event("received", 1ms), event("returned", 1h)};
  protocol::Result result;
  for (std::size_t i = 0; i < protocol::kMaxEvents; ++i)
    result.events.push_back(event("e" + std::to_string(i), 2ms));
  merge_timelines(result, job);
  ASSERT_EQ(result.events.size(), protocol::kMaxEvents);
  EXPECT_EQ(result.events.front().name, "received");
  EXPECT_EQ(result.events[1].name, "e0");
  EXPECT_EQ(result.events[protocol::kMaxEvents - 2].name, "e1021");
  EXPECT_EQ(result.events.back().name, "returned");
}

TEST(Timeline, TheHistoryNamesEachAttemptItsNodeAndWhy) {
  JobInfo job;
  EXPECT_EQ(history_of(job), "");
  job.events = {event("received", 1ms), event("requeued", 2ms), event("node.lost", 3ms),
                event("requeued", 4ms)};
  job.events[1].fields = {{"attempt", std::int64_t{1}}, {"node", "a"}, {"reason", "it burnt"}};
  job.events[3].fields = {{"attempt", std::int64_t{2}}, {"node", "b"}, {"reason", "it sank"}};
  EXPECT_EQ(history_of(job), "attempt 1 at a: it burnt; attempt 2 at b: it sank");
}

TEST(Timeline, AHistoryWithoutFieldsIsStillAText) {
  JobInfo job;
  job.events = {event("requeued", 2ms)};
  EXPECT_EQ(history_of(job), "attempt 0 at : ");
}

}  // namespace
}  // namespace rota::portal
