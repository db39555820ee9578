#include "protocol/conversion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/framing.hpp"
#include "tests/unit/protocol/samples.hpp"

namespace rota::protocol {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Conversion, GivesEveryPacketBackAsItWas) {
  const auto packets = sample_packets();
  ASSERT_EQ(packets.size(), std::variant_size_v<Packet>);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    ASSERT_EQ(packets[i].index(), i);
    const std::string json = to_json(packets[i]);
    EXPECT_EQ(from_json(json), packets[i]) << json;
  }
}

TEST(Conversion, GivesEveryEmptyPacketBackAsItWas) {
  EXPECT_EQ(from_json(to_json(Result{})), Packet(Result{}));
  EXPECT_EQ(from_json(to_json(LiveEvent{})), Packet(LiveEvent{}));
  EXPECT_EQ(from_json(to_json(Error{})), Packet(Error{}));
  EXPECT_EQ(from_json(to_json(LogsQuery{})), Packet(LogsQuery{}));
  EXPECT_EQ(from_json(to_json(LogLine{})), Packet(LogLine{}));
  EXPECT_EQ(from_json(to_json(LogsEnd{})), Packet(LogsEnd{}));
  EXPECT_EQ(from_json(to_json(LogsStop{})), Packet(LogsStop{}));
  EXPECT_EQ(from_json(to_json(Nodes{{NodeStatus{}}})), Packet(Nodes{{NodeStatus{}}}));
  EXPECT_EQ(from_json(to_json(Ping{})), Packet(Ping{}));
  EXPECT_EQ(from_json(to_json(Hello{})), Packet(Hello{}));
}

TEST(Conversion, BeginsEachPacketWithVersionAndType) {
  for (const Packet& packet : sample_packets())
    EXPECT_THAT(to_json(packet), StartsWith(R"({"rota":2,"type":")"));
}

TEST(Conversion, WritesOneLineWithoutControlCharacters) {
  for (const Packet& packet : sample_packets()) {
    for (const char c : to_json(packet)) ASSERT_FALSE(c >= 0 && c < 0x20) << to_json(packet);
  }
}

TEST(Conversion, EndsAPacketForTheWireWithEot) {
  EXPECT_EQ(to_wire(Ping{7}), to_json(Ping{7}) + kEot);
}

TEST(Conversion, TakesFieldsInAnyOrder) {
  EXPECT_EQ(from_json(R"({"number":7,"type":"ping","rota":1})"), Packet(Ping{7}));
}

TEST(Conversion, TakesWhiteSpaceAroundAndWithinAPacket) {
  EXPECT_EQ(from_json(" \r\n\t{ \"rota\" : 1 ,\n\"type\":\"ping\"}\n"), Packet(Ping{}));
}

TEST(Conversion, LeavesOutOptionalFieldsThatHaveTheirDefault) {
  EXPECT_EQ(to_json(Ping{}), R"({"rota":2,"type":"ping"})");
  EXPECT_EQ(to_json(Submit{.file_name = "a.c", .source = "x"}),
            R"({"rota":2,"type":"submit","file_name":"a.c","source":"x"})");
}

TEST(Conversion, AlwaysWritesWhatAResultHasToSay) {
  EXPECT_EQ(to_json(Result{}),
            R"({"rota":2,"type":"result","job":"","verdict":"IE","stdout":"","stderr":"","events":[]})");
}

TEST(Conversion, TakesASubmitOfFileNameAndSourceAlone) {
  EXPECT_EQ(from_json(submit_json("")), Packet(Submit{.file_name = "a.c"}));
}

TEST(Conversion, GivesAbsentFieldsTheirDefault) {
  const auto submit = std::get<Submit>(from_json(submit_json("")));
  EXPECT_EQ(submit.job, "");
  EXPECT_EQ(submit.schedule, std::nullopt);
  EXPECT_EQ(submit.limits, LimitOverrides{});
  EXPECT_FALSE(submit.live_events);
  EXPECT_EQ(from_json(packet_json("logs_query", "")), Packet(LogsQuery{}));
  EXPECT_EQ(from_json(packet_json("nodes_query", "")), Packet(NodesQuery{}));
}

TEST(Conversion, KeepsEachLimitThatASubmissionNames) {
  const auto submit =
      std::get<Submit>(from_json(submit_json(R"("limits":{"cpu_time_ms":1500,"processes":3})")));
  EXPECT_EQ(submit.limits, (LimitOverrides{.cpu_time = 1500ms, .processes = 3}));
}

TEST(Conversion, TakesTheOriginalsNumbersForTheSchedule) {
  const auto schedule = [](const std::string& json) {
    return std::get<Submit>(from_json(submit_json(R"("schedule":)" + json))).schedule;
  };
  for (const char* json : {"1", R"("1")", R"("random")"}) EXPECT_EQ(schedule(json), Schedule::random) << json;
  for (const char* json : {"2", R"("2")", R"("round-robin")"})
    EXPECT_EQ(schedule(json), Schedule::round_robin) << json;
  EXPECT_EQ(schedule(R"("least-loaded")"), Schedule::least_loaded);
  EXPECT_EQ(refusal_of(submit_json(R"("schedule":3)")).code(), ErrorCode::wrong_type);
  EXPECT_EQ(refusal_of(submit_json(R"("schedule":"3")")).code(), ErrorCode::unknown_value);
}

TEST(Conversion, TakesTimesWithAndWithoutFraction) {
  const auto since = [](const std::string& time) {
    return std::get<LogsQuery>(from_json(packet_json("logs_query", R"("since":")" + time + '"'))).since;
  };
  EXPECT_EQ(since("1970-01-01T00:00:01Z"), UtcTime(1s));
  EXPECT_EQ(since("1970-01-01T00:00:01.5Z"), UtcTime(1500ms));
}

TEST(Versions, OtherThanOursAreRefusedByTheNameOfOurs) {
  for (const char* json :
       {R"({"rota":3,"type":"ping"})", R"({"rota":0,"type":"ping"})", R"({"rota":-1,"type":"ping"})",
        R"({"rota":3,"type":"new","more":[]})", R"({"rota":123456789012})"}) {
    const ProtocolError error = refusal_of(json);
    EXPECT_EQ(error.code(), ErrorCode::unsupported_version) << json;
    EXPECT_EQ(error.where(), "rota");
    EXPECT_THAT(error.what(), HasSubstr("send \"rota\":2"));
  }
}

TEST(Versions, OfAHelloMayBeARangeThatHoldsOurs) {
  EXPECT_EQ(from_json(packet_json("hello", R"("min_version":1,"max_version":9)")),
            Packet(Hello{.max_version = 9}));
}

TEST(Versions, OfAHelloWithoutOursAreRefused) {
  for (const char* range : {R"("min_version":3,"max_version":4)", R"("min_version":3,"max_version":2)"}) {
    EXPECT_EQ(refusal_of(packet_json("hello", range)).code(), ErrorCode::unsupported_version) << range;
  }
}

TEST(Versions, OfEitherKindAreTakenAndTold) {
  for (const int version : {1, 2}) {
    int told = 0;
    EXPECT_EQ(from_json(to_json(Ping{7}, version), &told), Packet(Ping{7}));
    EXPECT_EQ(told, version);
  }
}

TEST(Versions, TheOldestIsWrittenWithoutWhatItDoesNotKnow) {
  for (const Packet& packet : sample_packets()) {
    const std::string json = to_json(packet, 1);
    EXPECT_THAT(json, StartsWith(R"({"rota":1,)"));
    if (packet.index() >= kPacketsOfVersion1) continue;
    for (const char* name :
         {"accepts", "session", "labels", "draining", "acknowledge", "priority", "queue_time", "total_time",
          "attempt", "sequence", "retry_after", "state", "heard", "blob"})
      EXPECT_THAT(json, Not(HasSubstr(name)));
  }
  EXPECT_THAT(to_json(Error{.code = ErrorCode::unknown_job}, 1), HasSubstr("internal"));
  EXPECT_THAT(to_json(Error{.code = ErrorCode::unknown_job}), HasSubstr("unknown_job"));
}

TEST(LogLines, HoldAnEventAndGiveItBack) {
  const std::string line = to_log_line(sample_event());
  EXPECT_THAT(line, StartsWith(R"({"time":"2026-11-23T09:01:54.123456789Z",)"));
  EXPECT_THAT(line, Not(HasSubstr("\n")));
  EXPECT_EQ(from_log_line(line), sample_event());
}

TEST(LogLines, AreReadStrictly) {
  EXPECT_THROW(from_log_line(""), ProtocolError);
  EXPECT_THROW(from_log_line("[]"), ProtocolError);
  EXPECT_THROW(from_log_line(R"({"time":"2026-11-23T09:01:54Z"})"), ProtocolError);
  EXPECT_THROW(from_log_line(R"({"time":"2026-11-23T09:01:54Z","name":"x","more":1})"), ProtocolError);
}

TEST(BadPacket, SpeaksOfTheJobThatItNames) {
  EXPECT_EQ(job_of_bad_packet(submit_json(R"("job":")" + kSampleJob + R"(","bogus":1)")), kSampleJob);
  EXPECT_EQ(job_of_bad_packet(packet_json("logs_query", R"("query":"q1","bogus":1)")), "q1");
}

TEST(BadPacket, SpeaksOfNoJobWhereNoneCanBeMadeOut) {
  for (const std::string& json :
       {std::string("{"), std::string(), std::string("[]"), std::string(R"({"job":7})"),
        std::string(R"({"job":""})"), R"({"job":")" + std::string(256, 'x') + R"("})",
        std::string(R"({"job":"a\u001bb"})")}) {
    EXPECT_EQ(job_of_bad_packet(json), "") << json;
  }
}

}  // namespace
}  // namespace rota::protocol
