#include "portal/dispatcher.hpp"

#include <gmock/gmock.h>

#include "protocol/job_id.hpp"

namespace rota::portal {
namespace {

using namespace protocol;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kJob = "01234567-89ab-7cde-8f01-23456789abcd";

// A dispatcher under a clock that only the test moves.
class DispatcherTest : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kBytesPerNode = 100;
  Dispatcher dispatcher{
      "portal", 1, {"a:1", "b:2"}, {.jobs = 4, .jobs_per_client = 3, .bytes_per_node = kBytesPerNode}};
  Instant clock{UtcTime(1000s), 50s};

  void tick(std::chrono::milliseconds time) {
    clock.utc += time;
    clock.monotonic += time;
  }
  void bring_up(NodeIndex node, const std::string& name, std::uint32_t slots = 1) {
    Hello hello;
    hello.name = name;
    hello.slots = slots;
    dispatcher.node_up(node, hello, clock);
  }
  Actions submit(const std::string& job, ClientId client = 1, bool live = false) {
    Submit submit;
    submit.job = job;
    submit.file_name = "a.c";
    submit.source = "int main(){}";
    submit.live_events = live;
    submit.schedule = Schedule::round_robin;
    return dispatcher.submit(client, submit, clock);
  }
  Actions submit_large(const std::string& job) {
    Submit submit;
    submit.job = job;
    submit.file_name = "a.c";
    submit.source = std::string(kBytesPerNode * 2 / 3, ' ');
    return dispatcher.submit(1, submit, clock);
  }
  static Result result_of(const std::string& job) {
    Result result;
    result.job = job;
    result.verdict = Verdict::AC;
    result.returncode = 0;
    return result;
  }
};

template <typename Wanted, typename Kind>
std::vector<Wanted> packets(const Actions& actions) {
  std::vector<Wanted> found;
  for (const auto& action : actions) {
    const auto* kind = std::get_if<Kind>(&action);
    if (kind == nullptr) continue;
    if (const auto* packet = std::get_if<Wanted>(&kind->packet)) found.push_back(*packet);
  }
  return found;
}

std::vector<std::string> logged(const Actions& actions) {
  std::vector<std::string> names;
  for (const auto& action : actions) {
    if (const auto* log = std::get_if<ToLog>(&action)) names.push_back(log->event.name);
  }
  return names;
}

std::vector<std::string> names_of(const std::vector<Event>& events) {
  std::vector<std::string> names;
  for (const auto& event : events) names.push_back(event.name);
  return names;
}

TEST_F(DispatcherTest, GivesAJobToANodeAndItsResultToTheClientThatAsked) {
  bring_up(0, "one");
  const auto given = submit(kJob, 7);
  ASSERT_EQ((packets<Submit, ToNode>(given).size()), 1u);
  EXPECT_EQ((packets<Submit, ToNode>(given)[0].source), "int main(){}");
  EXPECT_THAT(logged(given), ElementsAre("received", "queued", "dispatched"));
  tick(5ms);
  const auto answered = dispatcher.result(0, result_of(kJob), clock);
  ASSERT_EQ((packets<Result, ToClient>(answered).size()), 1u);
  EXPECT_EQ(std::get<ToClient>(answered[1]).client, 7u);
  EXPECT_EQ(dispatcher.jobs(), 0u);
  EXPECT_EQ(dispatcher.jobs_of(7), 0u);
}

TEST_F(DispatcherTest, MakesAnIdForAJobThatComesWithoutOne) {
  bring_up(0, "one");
  const auto given = packets<Submit, ToNode>(submit(""));
  ASSERT_EQ(given.size(), 1u);
  EXPECT_TRUE(is_job_id(given[0].job));
}

TEST_F(DispatcherTest, MergesTheTimelinesInOrderOfTime) {
  bring_up(0, "one");
  submit(kJob);
  tick(2ms);
  Result result = result_of(kJob);
  result.events = {{clock.utc, 0ns, "one", kJob, "accepted", {}},
                   {clock.utc, 0ns, "one", kJob, "collected", {}}};
  tick(1ms);
  const auto answer = packets<Result, ToClient>(dispatcher.result(0, result, clock)).at(0);
  EXPECT_THAT(names_of(answer.events),
              ElementsAre("received", "queued", "dispatched", "accepted", "collected", "returned"));
  EXPECT_EQ(answer.events.back().offset, 3ms);
  EXPECT_EQ(answer.events.back().host, "portal");
}

TEST_F(DispatcherTest, SendsEventsLiveOnlyToAClientThatWantsThem) {
  bring_up(0, "one");
  EXPECT_TRUE((packets<LiveEvent, ToClient>(submit(kJob, 1, false)).empty()));
  EXPECT_TRUE(dispatcher.live_event(0, {clock.utc, 0ns, "one", kJob, "accepted", {}}).empty());
  const std::string other = "11234567-89ab-7cde-8f01-23456789abcd";
  EXPECT_EQ((packets<LiveEvent, ToClient>(submit(other, 1, true)).size()), 3u);
  EXPECT_EQ(
      (packets<LiveEvent, ToClient>(dispatcher.live_event(0, {clock.utc, 0ns, "one", other, "accepted", {}}))
           .size()),
      1u);
}

TEST_F(DispatcherTest, RefusesAnIdThatIsInProgress) {
  bring_up(0, "one");
  submit(kJob, 1);
  const auto refused = packets<Error, ToClient>(submit(kJob, 2));
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].code, ErrorCode::duplicate_job);
  EXPECT_EQ(refused[0].job, kJob);
}

TEST_F(DispatcherTest, BoundsTheUnansweredJobsOfOneConnectionAndOfAll) {
  bring_up(0, "one");
  for (int i = 0; i < 3; ++i) submit("", 1);
  EXPECT_EQ((packets<Error, ToClient>(submit("", 1)).at(0).code), ErrorCode::too_many_jobs);
  submit("", 2);
  EXPECT_EQ((packets<Error, ToClient>(submit("", 2)).at(0).code), ErrorCode::busy);
  EXPECT_EQ(dispatcher.jobs(), 4u);
}

TEST_F(DispatcherTest, KeepsAJobForANodeThatComesUpInTime) {
  EXPECT_TRUE((packets<Submit, ToNode>(submit(kJob)).empty()));
  tick(2999ms);
  EXPECT_TRUE(dispatcher.tick(clock).empty());
  Hello hello;
  hello.name = "two";
  const auto given = packets<Submit, ToNode>(dispatcher.node_up(1, hello, clock));
  ASSERT_EQ(given.size(), 1u);
  EXPECT_EQ(given[0].job, kJob);
}

TEST_F(DispatcherTest, TellsTheClientWhyNoNodeCanBeReached) {
  dispatcher.node_down(0, "connection refused", clock);
  submit(kJob);
  tick(3000ms);
  const auto refused = packets<Error, ToClient>(dispatcher.tick(clock));
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].code, ErrorCode::no_node);
  EXPECT_THAT(refused[0].message, HasSubstr("a:1 (connection refused)"));
  EXPECT_THAT(refused[0].message, HasSubstr("b:2 (not connected yet)"));
  EXPECT_EQ(dispatcher.jobs(), 0u);
}

TEST_F(DispatcherTest, AnswersEveryJobOfALostNodeWithInternalError) {
  bring_up(0, "one");
  bring_up(1, "two");
  submit("");
  submit(kJob);
  submit("");
  const auto lost = packets<Result, ToClient>(dispatcher.node_down(1, "connection reset", clock));
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].job, kJob);
  EXPECT_EQ(lost[0].verdict, Verdict::IE);
  EXPECT_EQ(lost[0].returncode, std::nullopt);
  EXPECT_THAT(lost[0].message, HasSubstr("node two at b:2 was lost"));
  EXPECT_THAT(names_of(lost[0].events),
              ElementsAre("received", "queued", "dispatched", "node.lost", "returned"));
  EXPECT_EQ(dispatcher.jobs(), 2u);
}

TEST_F(DispatcherTest, DropsAnAnswerFromANodeThatDoesNotHaveTheJob) {
  bring_up(0, "one");
  bring_up(1, "two");
  submit(kJob);
  EXPECT_THAT(logged(dispatcher.result(1, result_of(kJob), clock)), ElementsAre("answer.unexpected"));
  EXPECT_EQ(dispatcher.jobs(), 1u);
  EXPECT_EQ((packets<Result, ToClient>(dispatcher.result(0, result_of(kJob), clock)).size()), 1u);
  EXPECT_TRUE((packets<Result, ToClient>(dispatcher.result(0, result_of(kJob), clock)).empty()));
}

constexpr const char* kOtherJob = "11234567-89ab-7cde-8f01-23456789abcd";

TEST_F(DispatcherTest, KeepsBackWhatIsMoreThanANodeTakesAtOnce) {
  bring_up(0, "one");
  EXPECT_EQ((packets<Submit, ToNode>(submit_large(kJob)).size()), 1u);
  EXPECT_TRUE((packets<Submit, ToNode>(submit_large(kOtherJob)).empty()));
  EXPECT_EQ(dispatcher.nodes().nodes[0].jobs, 2u);
  EXPECT_THAT(logged(dispatcher.result(0, result_of(kOtherJob), clock)), ElementsAre("answer.unexpected"));
  const auto next = packets<Submit, ToNode>(dispatcher.result(0, result_of(kJob), clock));
  ASSERT_EQ(next.size(), 1u);
  EXPECT_EQ(next[0].job, kOtherJob);
}

TEST_F(DispatcherTest, GivesWhatALostNodeHadNotGotToAnother) {
  bring_up(0, "one");
  submit_large(kJob);
  submit_large(kOtherJob);
  bring_up(1, "two");
  const auto actions = dispatcher.node_down(0, "connection reset", clock);
  const auto lost = packets<Result, ToClient>(actions);
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].job, kJob);
  const auto given = packets<Submit, ToNode>(actions);
  ASSERT_EQ(given.size(), 1u);
  EXPECT_EQ(given[0].job, kOtherJob);
  EXPECT_EQ((packets<Result, ToClient>(dispatcher.result(1, result_of(kOtherJob), clock)).size()), 1u);
  EXPECT_EQ(dispatcher.jobs(), 0u);
}

TEST_F(DispatcherTest, PassesANodesRefusalOn) {
  bring_up(0, "one");
  submit(kJob);
  const auto refused = packets<Error, ToClient>(
      dispatcher.refused(0, {ErrorCode::unknown_value, kJob, "language", "no"}, clock));
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].code, ErrorCode::unknown_value);
  EXPECT_EQ(dispatcher.jobs(), 0u);
}

TEST_F(DispatcherTest, DropsTheAnswersOfAClientThatHasGone) {
  bring_up(0, "one");
  submit(kJob, 9, true);
  dispatcher.client_gone(9);
  EXPECT_TRUE(dispatcher.live_event(0, {clock.utc, 0ns, "one", kJob, "accepted", {}}).empty());
  EXPECT_TRUE((packets<Result, ToClient>(dispatcher.result(0, result_of(kJob), clock)).empty()));
  EXPECT_EQ(dispatcher.jobs(), 0u);
}

TEST_F(DispatcherTest, CountsWhatEachNodeHasToDo) {
  bring_up(0, "one", 2);
  submit(kJob);
  EXPECT_EQ(dispatcher.nodes().nodes[0].jobs, 1u);
  EXPECT_EQ(dispatcher.nodes().nodes[0].slots, 2u);
  EXPECT_FALSE(dispatcher.nodes().nodes[1].up);
  EXPECT_EQ(dispatcher.nodes().nodes[1].slots, 0u);  // not known yet
  dispatcher.result(0, result_of(kJob), clock);
  EXPECT_EQ(dispatcher.nodes().nodes[0].jobs, 0u);
}

}  // namespace
}  // namespace rota::portal
