// What from_json refuses, with which code and place.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/bounds.hpp"
#include "protocol/conversion.hpp"
#include "tests/unit/protocol/samples.hpp"

namespace rota::protocol {
namespace {

using testing::HasSubstr;

void expect_refused(std::string_view json, ErrorCode code, std::string_view where) {
  const ProtocolError error = refusal_of(json);
  EXPECT_EQ(to_text(error.code()), to_text(code)) << json.substr(0, 200);
  EXPECT_EQ(error.where(), where) << json.substr(0, 200);
  EXPECT_THAT(error.what(), HasSubstr(where.empty() ? "packet" : where)) << "the message names the place";
}

std::string result_json(std::string_view more_fields) {
  return packet_json("result",
                     fmt::format(R"("job":"","verdict":"AC","stdout":"","stderr":"",{})", more_fields));
}

// A result whose one event has these members beside time and name.
std::string result_with_event(std::string_view members) {
  return result_json(fmt::format(R"("events":[{{"time":"2026-11-23T09:01:54Z","name":"x",{}}}])", members));
}

TEST(Strictness, RefusesWhatIsNotJson) {
  for (const char* json :
       {"{", "}", "{}}", "{]", "nonsense", R"({"rota":1,})", R"({rota:1})", R"({"rota":01})",
        R"({"rota":1,"type":"ping"} {})", R"({"rota":NaN})", "// comment\n{}", "\"\x01\""}) {
    expect_refused(json, ErrorCode::not_json, "");
  }
}

TEST(Strictness, RefusesWhatTheParserWouldPassOver) {
  using namespace std::string_literals;
  expect_refused("{\"rota\":1,\"type\":\"ping\"}\0 anything"s, ErrorCode::not_json, "");
  expect_refused("\xef\xbb\xbf{\"rota\":1,\"type\":\"ping\"}", ErrorCode::not_json, "");
}

TEST(Strictness, RefusesALongNumberWithoutConvertingIt) {
  expect_refused(R"({"rota":1,"type":"ping","number":)" + std::string(30 << 20, '1') + "}",
                 ErrorCode::out_of_range, "");
  EXPECT_NO_THROW(from_json(R"({"rota":1,"type":"logs_stop","query":"\")" + std::string(100, '1') + "\"}"));
}

TEST(Strictness, RefusesAnEmptyPacket) {
  for (const char* json : {"", " ", "\r\n"}) {
    expect_refused(json, ErrorCode::not_json, "");
    EXPECT_THAT(refusal_of(json).what(), HasSubstr("is empty"));
  }
}

TEST(Strictness, RefusesJsonThatIsNotAnObject) {
  for (const char* json : {"[]", "1", "null", "\"text\"", "true", "[{}]"})
    expect_refused(json, ErrorCode::not_json, "");
}

TEST(Strictness, RefusesAPacketThatIsNotUtf8) {
  for (const char* json : {"{\"a\":\"\xff\"}", "{\"a\":\"\xc3\"}", "{\"a\":\"\xed\xa0\x80\"}",
                           "{\"\xc0\x80\":1}", "{\"a\":\"\xf4\x90\x80\x80\"}", "\xff"}) {
    expect_refused(json, ErrorCode::not_json, "");
    EXPECT_THAT(refusal_of(json).what(), HasSubstr("is not UTF-8"));
  }
}

TEST(Strictness, RefusesEscapedHalvesOfSurrogatePairs) {
  expect_refused(R"({"a":"\ud800"})", ErrorCode::not_json, "");
  expect_refused(R"({"a":"\udc00"})", ErrorCode::not_json, "");
}

TEST(Strictness, RefusesANameThatOccursTwiceInOneObject) {
  expect_refused(R"({"rota":1,"type":"ping","rota":1})", ErrorCode::not_json, "rota");
  expect_refused(result_with_event(R"("fields":{"a":1,"a":1})"), ErrorCode::not_json, "events[0].fields.a");
}

TEST(Strictness, TakesTheSameNameInDifferentObjects) {
  EXPECT_NO_THROW(from_json(result_with_event(R"("fields":{"name":"x","time":1})")));
}

TEST(Strictness, RefusesNestingThatIsTooDeep) {
  const auto nested = [](int levels, const char* open, const char* close) {
    std::string json = R"({"rota":1,"type":"ping","x":)";  // the first level
    for (int i = 1; i < levels; ++i) json += open;
    json += '0';
    for (int i = 1; i < levels; ++i) json += close;
    return json + '}';
  };
  expect_refused(nested(16, "[", "]"), ErrorCode::unknown_field, "x");
  expect_refused(nested(17, "[", "]"), ErrorCode::nested_too_deep, "");
  expect_refused(nested(16, "{\"y\":", "}"), ErrorCode::unknown_field, "x");
  expect_refused(nested(17, "{\"y\":", "}"), ErrorCode::nested_too_deep, "");
}

TEST(Strictness, RefusesEndlessNestingWithoutRecursion) {
  expect_refused(std::string(32 << 20, '['), ErrorCode::nested_too_deep, "");
  std::string objects;
  for (int i = 0; i < 1 << 20; ++i) objects += R"({"a":)";
  expect_refused(objects, ErrorCode::nested_too_deep, "");
}

TEST(Strictness, RefusesMoreValuesThanAPacketMayHold) {
  std::string json = R"({"rota":1,"type":"ping","x":[)";
  for (std::size_t i = 0; i < kMaxValues; ++i) json += "0,";
  expect_refused(json + "0]}", ErrorCode::out_of_range, "");
}

TEST(Strictness, RefusesManyNamesInOneObjectInLinearTime) {
  std::string json = R"({"rota":1,"type":"ping")";
  for (std::size_t i = 0; i + 2 < kMaxValues - 1; ++i) json += fmt::format(R"(,"a{}":0)", i);
  expect_refused(json + '}', ErrorCode::unknown_field, "a0");
}

TEST(Strictness, RefusesAPacketWithoutVersionOrType) {
  expect_refused("{}", ErrorCode::missing_field, "rota");
  expect_refused(R"({"type":"ping"})", ErrorCode::missing_field, "rota");
  expect_refused(R"({"rota":1})", ErrorCode::missing_field, "type");
  expect_refused(R"({"rota":"1","type":"ping"})", ErrorCode::wrong_type, "rota");
  expect_refused(R"({"rota":1,"type":1})", ErrorCode::wrong_type, "type");
}

TEST(Strictness, RefusesATypeThatDoesNotExist) {
  expect_refused(packet_json("dance", ""), ErrorCode::unknown_type, "type");
  EXPECT_THAT(refusal_of(packet_json("dance", "")).what(), HasSubstr("hello, submit, result"));
}

TEST(Strictness, RefusesAMissingField) {
  expect_refused(packet_json("submit", R"("source":"")"), ErrorCode::missing_field, "file_name");
  expect_refused(packet_json("submit", R"("file_name":"a.c")"), ErrorCode::missing_field, "source");
  expect_refused(packet_json("event", ""), ErrorCode::missing_field, "event");
  expect_refused(packet_json("event", R"("event":{"name":"x"})"), ErrorCode::missing_field, "event.time");
  expect_refused(result_json(R"("events":[],"run":{"cause":"exited"})"), ErrorCode::missing_field,
                 "run.cpu_time_ns");
  expect_refused(packet_json("nodes", R"("nodes":[{"address":"a:1","up":true},{"up":true}])"),
                 ErrorCode::missing_field, "nodes[1].address");
}

TEST(Strictness, RefusesAnUnknownField) {
  expect_refused(packet_json("ping", R"("bogus":1)"), ErrorCode::unknown_field, "bogus");
  expect_refused(submit_json(R"("limits":{"cpu_time_s":1})"), ErrorCode::unknown_field, "limits.cpu_time_s");
  expect_refused(result_with_event(R"("bogus":1)"), ErrorCode::unknown_field, "events[0].bogus");
  expect_refused(packet_json("nodes_query", R"("number":1)"), ErrorCode::unknown_field, "number");
}

TEST(Strictness, RefusesAValueOfAnotherType) {
  expect_refused(packet_json("ping", R"("number":"7")"), ErrorCode::wrong_type, "number");
  expect_refused(packet_json("ping", R"("number":7.0)"), ErrorCode::wrong_type, "number");
  expect_refused(packet_json("ping", R"("number":true)"), ErrorCode::wrong_type, "number");
  expect_refused(packet_json("submit", R"("file_name":7,"source":"")"), ErrorCode::wrong_type, "file_name");
  expect_refused(packet_json("submit", R"("file_name":"a.c","source":["x"])"), ErrorCode::wrong_type,
                 "source");
  expect_refused(packet_json("submit", R"("file_name":"a.c","source_base64":1)"), ErrorCode::wrong_type,
                 "source_base64");
  expect_refused(submit_json(R"("job":7)"), ErrorCode::wrong_type, "job");
  expect_refused(submit_json(R"("language":null)"), ErrorCode::wrong_type, "language");
  expect_refused(submit_json(R"("live_events":1)"), ErrorCode::wrong_type, "live_events");
  expect_refused(submit_json(R"("arguments":"-v")"), ErrorCode::wrong_type, "arguments");
  expect_refused(submit_json(R"("arguments":["a",1])"), ErrorCode::wrong_type, "arguments[1]");
  expect_refused(submit_json(R"("limits":[])"), ErrorCode::wrong_type, "limits");
  expect_refused(packet_json("logs_query", R"("since":0)"), ErrorCode::wrong_type, "since");
  expect_refused(result_with_event(R"("fields":[])"), ErrorCode::wrong_type, "events[0].fields");
  expect_refused(result_with_event(R"("fields":{"a":true})"), ErrorCode::wrong_type, "events[0].fields.a");
  expect_refused(result_with_event(R"("fields":{"a":1.5})"), ErrorCode::wrong_type, "events[0].fields.a");
}

TEST(Strictness, RefusesAnEnumerationsUnknownValue) {
  expect_refused(submit_json(R"("schedule":"fastest")"), ErrorCode::unknown_value, "schedule");
  EXPECT_THAT(refusal_of(submit_json(R"("schedule":"fastest")")).what(),
              HasSubstr("random, round-robin, least-loaded"));
  expect_refused(packet_json("error", R"("code":"oops","message":"")"), ErrorCode::unknown_value, "code");
  expect_refused(packet_json("result", R"("job":"","verdict":"ac","stdout":"","stderr":"","events":[])"),
                 ErrorCode::unknown_value, "verdict");
}

TEST(Strictness, RefusesAScheduleThatOnlyEqualsOneOfTheNumbersThatStandForOne) {
  for (const char* json : {"1.0", "2.0", "1e0", "20e-1", "true", "0", "3", "-1", "[1]"}) {
    expect_refused(submit_json(fmt::format(R"("schedule":{})", json)), ErrorCode::wrong_type, "schedule");
  }
  for (const char* text : {"1.0", "01", " 1", "1 ", "+1", "3", ""}) {
    expect_refused(submit_json(fmt::format(R"("schedule":"{}")", text)), ErrorCode::unknown_value,
                   "schedule");
  }
}

TEST(Strictness, RefusesBothFormsOfBytesAtOnce) {
  expect_refused(submit_json(R"("source_base64":"")"), ErrorCode::unknown_field, "source_base64");
  expect_refused(submit_json(R"("stdin":"","stdin_base64":"")"), ErrorCode::unknown_field, "stdin_base64");
}

TEST(Strictness, RefusesMalformedBase64) {
  for (const char* base64 : {"=", "AA", "AAA", "AA==AA==", "A A=", "AAA\\n", "AA-_", "AB=="}) {
    expect_refused(packet_json("submit", fmt::format(R"("file_name":"a.c","source_base64":"{}")", base64)),
                   ErrorCode::bad_text, "source_base64");
  }
}

TEST(Strictness, RefusesMalformedTimesAndJobIds) {
  for (const char* time : {"", "yesterday", "2026-11-23", "2026-11-23T09:01:54", "2026-11-23T09:01:54+01:00",
                           "1969-12-31T23:59:59Z", "2262-01-01T00:00:00Z", "2026-02-30T00:00:00Z"}) {
    expect_refused(packet_json("logs_query", fmt::format(R"("since":"{}")", time)), ErrorCode::bad_text,
                   "since");
  }
  expect_refused(submit_json(R"("job":"42")"), ErrorCode::bad_text, "job");
}

TEST(Strictness, RefusesControlCharactersInText) {
  for (const char* character : {"\\u0000", "\\u001b", "\\n", "\\u007f", "\\u009b"}) {
    expect_refused(submit_json(fmt::format(R"("client":"a{}")", character)), ErrorCode::bad_text, "client");
  }
  expect_refused(packet_json("error", R"("code":"busy","message":"\u001b[2J")"), ErrorCode::bad_text,
                 "message");
}

TEST(Strictness, TakesNewlineAndTabInMessages) {
  EXPECT_NO_THROW(from_json(packet_json("error", R"("code":"busy","message":"a\n\tb")")));
}

TEST(Strictness, TakesAllButNulInArguments) {
  EXPECT_NO_THROW(from_json(submit_json(R"("arguments":["\u0001\u001b\n\u007f\u009b"])")));
  expect_refused(submit_json(R"("arguments":["a","b\u0000c"])"), ErrorCode::bad_text, "arguments[1]");
}

TEST(Strictness, RefusesABadFileName) {
  const ProtocolError error = refusal_of(packet_json("submit", R"("file_name":"../a.c","source":"")"));
  EXPECT_EQ(error.code(), ErrorCode::bad_file_name);
  EXPECT_EQ(error.where(), "file_name");
}

TEST(Strictness, RepeatsHostileTextOnlyCutAndHarmless) {
  const std::string hostile = R"(\u001b[2J\r\n)" + std::string(200'000, 'x');
  for (const std::string& json :
       {packet_json("ping", fmt::format(R"("{}":1)", hostile)), packet_json(hostile, ""),
        packet_json("submit", fmt::format(R"("file_name":"{}","source":"")", hostile)),
        submit_json(fmt::format(R"("schedule":"{}")", hostile)),
        fmt::format(R"({{"{}":1,"{}":2}})", hostile, hostile),
        result_with_event(fmt::format(R"("fields":{{"{}":1}})", hostile)), hostile}) {
    const ProtocolError error = refusal_of(json);
    EXPECT_LT(std::string_view(error.what()).size(), 400u);
    EXPECT_LT(error.where().size(), 200u);
    for (const char c : error.what() + error.where()) EXPECT_FALSE(c >= 0 && c < 0x20) << static_cast<int>(c);
  }
}

}  // namespace
}  // namespace rota::protocol
