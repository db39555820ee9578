// Each bound of PROTOCOL.md: what stands exactly on it is taken, one more is not.

#include "protocol/bounds.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/encoding.hpp"
#include "protocol/conversion.hpp"
#include "protocol/packet_fields.hpp"
#include "tests/unit/protocol/samples.hpp"

namespace rota::protocol {
namespace {

void expect_taken(const std::string& json) {
  EXPECT_NO_THROW(from_json(json)) << json.substr(0, 300);
}

void expect_out_of_range(const std::string& json, std::string_view where) {
  const ProtocolError error = refusal_of(json);
  EXPECT_EQ(to_text(error.code()), to_text(ErrorCode::out_of_range)) << json.substr(0, 300);
  EXPECT_EQ(error.where(), where);
}

// `around` makes a packet of the number's text.
template <typename Around>
void expect_range(std::int64_t min, std::int64_t max, std::string_view where, Around around) {
  expect_taken(around(min));
  expect_taken(around(max));
  expect_out_of_range(around(min - 1), where);
  expect_out_of_range(around(max + 1), where);
}

std::string text_of(std::size_t bytes) {
  return std::string(bytes, 'x');
}

std::string list_of(std::size_t count, const std::string& element) {
  std::string list = "[";
  for (std::size_t i = 0; i < count; ++i) list += (i == 0 ? "" : ",") + element;
  return list + ']';
}

std::string result_with(const std::string& more_fields) {
  return packet_json("result",
                     R"("job":"","verdict":"AC","stdout":"","stderr":"","events":[],)" + more_fields);
}

std::string report_json(const std::string& more_fields) {
  return result_with(fmt::format(
      R"("run":{{"cause":"exited","cpu_time_ns":0,"wall_time_ns":0,"memory_bytes":0,{}}})", more_fields));
}

constexpr const char* kEventJson = R"({"time":"2026-11-23T09:01:54Z","name":"x"})";

std::string event_json(const std::string& more_fields) {
  return packet_json("event", fmt::format(R"("event":{{"time":"2026-11-23T09:01:54Z",{}}})", more_fields));
}

TEST(Bounds, OfLimits) {
  const auto expect_limit = [](const std::string& name, std::int64_t min, std::int64_t max) {
    expect_range(min, max, "limits." + name, [&](std::int64_t number) {
      return submit_json(fmt::format(R"("limits":{{"{}":{}}})", name, number));
    });
  };
  expect_limit("cpu_time_ms", 1, 3'600'000);
  expect_limit("wall_time_ms", 1, 3'600'000);
  expect_limit("memory_bytes", 1 << 20, std::int64_t{64} << 30);
  expect_limit("output_bytes", 0, 16 << 20);
  expect_limit("file_bytes", 4096, std::int64_t{4} << 30);
  expect_limit("processes", 1, 4096);
}

TEST(Bounds, OfCounts) {
  expect_range(0, kMaxExactInteger, "number",
               [](auto number) { return packet_json("ping", fmt::format(R"("number":{})", number)); });
  expect_range(0, 4096, "slots", [](auto number) {
    return packet_json("hello", fmt::format(R"("min_version":1,"max_version":1,"slots":{})", number));
  });
  expect_range(0, 0xffff'ffff, "nodes[0].jobs", [](auto number) {
    return packet_json("nodes", fmt::format(R"("nodes":[{{"address":"","up":true,"jobs":{}}}])", number));
  });
  for (const char* number : {"18446744073709551615", "18446744073709551616", "1e300", "-9223372036854775808",
                             "-9223372036854775809"}) {
    expect_out_of_range(packet_json("ping", fmt::format(R"("number":{})", number)), "number");
  }
  expect_out_of_range(packet_json("ping", R"("number":1e999)"), "");
}

TEST(Bounds, OfHelloVersions) {
  expect_out_of_range(packet_json("hello", R"("min_version":0,"max_version":1)"), "min_version");
  expect_taken(packet_json("hello", R"("min_version":1,"max_version":1000000)"));
  expect_out_of_range(packet_json("hello", R"("min_version":1,"max_version":1000001)"), "max_version");
}

TEST(Bounds, OfReturnCodesAndReports) {
  expect_taken(result_with(R"("returncode":0)"));
  expect_taken(result_with(R"("returncode":255)"));
  expect_out_of_range(result_with(R"("returncode":-1)"), "returncode");
  expect_out_of_range(result_with(R"("returncode":256)"), "returncode");
  expect_taken(report_json(R"("exit_code":0,"signal":1)"));
  expect_taken(report_json(R"("exit_code":255,"signal":64)"));
  expect_out_of_range(report_json(R"("exit_code":-1)"), "run.exit_code");
  expect_out_of_range(report_json(R"("exit_code":256)"), "run.exit_code");
  expect_out_of_range(report_json(R"("signal":0)"), "run.signal");
  expect_out_of_range(report_json(R"("signal":65)"), "run.signal");
  expect_out_of_range(report_json(R"("stdout_bytes":-1)"), "run.stdout_bytes");
  expect_out_of_range(report_json(R"("stderr_bytes":9007199254740992)"), "run.stderr_bytes");
}

TEST(Bounds, OfNamesAndTexts) {
  expect_taken(submit_json(fmt::format(R"("client":"{}")", text_of(255))));
  expect_out_of_range(submit_json(fmt::format(R"("client":"{}")", text_of(256))), "client");
  expect_taken(submit_json(fmt::format(R"("language":"{}")", text_of(64))));
  expect_out_of_range(submit_json(fmt::format(R"("language":"{}")", text_of(65))), "language");
  expect_taken(packet_json("error", fmt::format(R"("code":"busy","message":"{}")", text_of(65'536))));
  expect_out_of_range(packet_json("error", fmt::format(R"("code":"busy","message":"{}")", text_of(65'537))),
                      "message");
}

TEST(Bounds, CountBytesOfUtf8NotCharacters) {
  std::string text;
  for (int i = 0; i < 32; ++i) text += "ã";
  expect_taken(submit_json(fmt::format(R"("language":"{}")", text)));
  expect_out_of_range(submit_json(fmt::format(R"("language":"{}x")", text)), "language");
}

TEST(Bounds, OfArguments) {
  expect_taken(submit_json(R"("arguments":)" + list_of(256, R"("")")));
  expect_out_of_range(submit_json(R"("arguments":)" + list_of(257, R"("")")), "arguments");
  const std::string half = '"' + text_of(32'768) + '"';
  expect_taken(submit_json(R"("arguments":)" + list_of(2, half)));
  expect_out_of_range(submit_json(fmt::format(R"("arguments":[{},{},"x"])", half, half)), "arguments");
  expect_out_of_range(submit_json(fmt::format(R"("arguments":["{}"])", text_of(65'537))), "arguments[0]");
}

TEST(Bounds, OfLists) {
  const auto hello = [](const std::string& languages) {
    return packet_json("hello", R"("min_version":1,"max_version":1,"languages":)" + languages);
  };
  expect_taken(hello(list_of(256, R"("C")")));
  expect_out_of_range(hello(list_of(257, R"("C")")), "languages");
  expect_taken(packet_json("nodes", R"("nodes":)" + list_of(kMaxNodes, R"({"address":"","up":true})")));
  expect_out_of_range(
      packet_json("nodes", R"("nodes":)" + list_of(kMaxNodes + 1, R"({"address":"","up":true})")), "nodes");
  expect_taken(packet_json("logs_end", R"("unreachable":)" + list_of(kMaxNodes, R"("n")")));
  expect_out_of_range(packet_json("logs_end", R"("unreachable":)" + list_of(kMaxNodes + 1, R"("n")")),
                      "unreachable");
  const std::string head = R"("job":"","verdict":"AC","stdout":"","stderr":"","events":)";
  expect_taken(packet_json("result", head + list_of(1024, kEventJson)));
  expect_out_of_range(packet_json("result", head + list_of(1025, kEventJson)), "events");
}

TEST(Bounds, OfEvents) {
  expect_taken(event_json(fmt::format(R"("name":"{}")", text_of(64))));
  expect_out_of_range(event_json(fmt::format(R"("name":"{}")", text_of(65))), "event.name");
  const auto fields = [](int count, const std::string& value) {
    std::string json = R"("name":"x","fields":{)";
    for (int i = 0; i < count; ++i) json += fmt::format(R"({}"f{}":{})", i == 0 ? "" : ",", i, value);
    return event_json(json + '}');
  };
  expect_taken(fields(16, "1"));
  expect_out_of_range(fields(17, "1"), "event.fields");
  expect_taken(fields(2, '"' + text_of(2048) + '"'));
  expect_out_of_range(fields(3, '"' + text_of(2048) + '"'), "event.fields");
  expect_out_of_range(fields(1, '"' + text_of(4097) + '"'), "event.fields.f0");
  expect_taken(fields(1, "-9223372036854775808"));
  expect_taken(fields(1, "9223372036854775807"));
  expect_out_of_range(fields(1, "9223372036854775808"), "event.fields.f0");
  expect_out_of_range(event_json(fmt::format(R"("name":"x","fields":{{"{}":1}})", text_of(65))),
                      "event.fields." + text_of(64));
}

TEST(Bounds, OfBytesCountTheBytesThemselvesInBothForms) {
  for (std::size_t bound : {0, 1, 2, 3, 100}) {
    for (const std::string name : {"x", "x_base64"}) {
      const auto read_bytes = [&](std::size_t size) {
        const std::string bytes = text_of(size);
        Json json = Json::object();
        json[name] = name == "x" ? bytes : base64_encode(bytes);
        std::string value;
        FieldReader(json, Place()).bytes("x", value, bound);
        EXPECT_EQ(value, bytes);
      };
      EXPECT_NO_THROW(read_bytes(bound)) << name << bound;
      EXPECT_THROW(read_bytes(bound + 1), ProtocolError) << name << bound;
      EXPECT_THROW(read_bytes(bound + 1000), ProtocolError) << name << bound;
    }
  }
}

// describe()'s third direction: the bounds of a struct's bytes.
class BytesBounds {
 public:
  template <typename... Ignored>
  void field(const Ignored&...) {}
  template <typename T>
  void bytes(std::string_view name, T&, std::size_t max_bytes, Presence = Presence::optional) {
    bounds.emplace(name, max_bytes);
  }
  std::map<std::string, std::size_t> bounds;
};

TEST(Bounds, OfBytesAreThoseOfThePage) {
  Submit submit;
  Result result;
  BytesBounds fields;
  describe(fields, submit);
  describe(fields, result);
  EXPECT_EQ(fields.bounds, (std::map<std::string, std::size_t>{{"source", 16 << 20},
                                                               {"stdin", 16 << 20},
                                                               {"stdout", 16 << 20},
                                                               {"stderr", 16 << 20},
                                                               {"compiler_output", 4 << 20}}));
}

TEST(Bounds, OfBytesHoldForAWholePacket) {
  expect_out_of_range(
      packet_json("submit", R"("file_name":"a.c","source":")" + text_of((16 << 20) + 1) + '"'), "source");
}

}  // namespace
}  // namespace rota::protocol
