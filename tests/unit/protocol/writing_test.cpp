// What to_json makes of struct contents that no peer could have sent.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/bounds.hpp"
#include "protocol/conversion.hpp"
#include "protocol/framing.hpp"
#include "tests/unit/protocol/samples.hpp"

namespace rota::protocol {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

template <typename T>
T sent(const T& packet) {
  return std::get<T>(from_json(to_json(packet)));
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string whole;
  for (std::size_t i = 0; i < times; ++i) whole += text;
  return whole;
}

std::string all_bytes() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  return bytes;
}

TEST(Bytes, SurviveWhateverTheyAre) {
  for (const std::string& bytes :
       {std::string(), std::string("\0", 1), all_bytes(), std::string("\x04\x04"),
        std::string("\xed\xa0\x80"), std::string("\xef\xbb\xbf"), repeated("\x01", 1000)}) {
    Submit submit{.file_name = "a.c", .source = bytes, .stdin_bytes = bytes};
    EXPECT_EQ(sent(submit), submit);
    Result result{.stdout_bytes = bytes, .stderr_bytes = bytes, .compiler_output = bytes};
    EXPECT_EQ(sent(result), result);
  }
}

TEST(Bytes, AreWrittenAsTextWhereTheyAreText) {
  EXPECT_THAT(to_json(Result{.stdout_bytes = "olá\n"}), HasSubstr("\"stdout\":\"olá\\n\""));
}

TEST(Bytes, AreWrittenAsBase64WhereTheyAreNotUtf8) {
  EXPECT_THAT(to_json(Result{.stdout_bytes = "\xff\xfe"}), HasSubstr(R"("stdout_base64":"//4=")"));
}

TEST(Bytes, AreWrittenAsBase64WhereEscapedTextWouldBeLonger) {
  EXPECT_THAT(to_json(Result{.stdout_bytes = repeated("\x01", 300)}), HasSubstr("stdout_base64"));
  EXPECT_THAT(to_json(Result{.stdout_bytes = repeated("\"\\\n", 100)}), HasSubstr("stdout_base64"));
  EXPECT_THAT(to_json(Result{.stdout_bytes = repeated("some text\n", 30)}), Not(HasSubstr("stdout_base64")));
}

TEST(Bytes, NeverTakeMoreRoomThanBase64) {
  const std::size_t empty = to_json(Result{}).size();
  for (int byte = 0; byte < 256; ++byte) {
    const std::string bytes(30'000, static_cast<char>(byte));
    EXPECT_LE(to_json(Result{.stdout_bytes = bytes}).size(), empty + 40'000 + std::string("_base64").size())
        << byte;
  }
}

TEST(Writing, MakesTextThatIsNotUtf8ReplacementCharacters) {
  EXPECT_EQ(sent(Error{.message = "a\xff"}).message, "a\uFFFD");
  EXPECT_EQ(sent(Result{.node = "\xff"}).node, "\uFFFD");
  EXPECT_EQ(sent(Hello{.languages = {"\xc3"}}).languages.front(), "\uFFFD");
}

TEST(Writing, MakesControlCharactersOfReportsHarmless) {
  EXPECT_EQ(sent(Error{.where = "a\nb", .message = "\x1b[2J\n\u009b"}),
            (Error{.where = "a?b", .message = "?[2J\n?"}));
}

TEST(Writing, CutsTextOfReportsBetweenCharacters) {
  const Error error = sent(Error{.message = "x" + repeated("ã", kMaxMessageBytes)});
  EXPECT_EQ(error.message, "x" + repeated("ã", kMaxMessageBytes / 2 - 1));
}

TEST(Writing, FitsEveryNumberOfAReport) {
  Result result{.returncode = 999};
  result.run = StepReport{.exit_code = -1,
                          .signal = 1000,
                          .cpu_time = -1ns,
                          .wall_time = std::chrono::nanoseconds::max(),
                          .memory_bytes = UINT64_MAX};
  const Result got = sent(result);
  EXPECT_EQ(got.returncode, 255);
  EXPECT_EQ(got.run->exit_code, 0);
  EXPECT_EQ(got.run->signal, 64);
  EXPECT_EQ(got.run->cpu_time, 0ns);
  EXPECT_EQ(got.run->wall_time.count(), kMaxExactInteger);
  EXPECT_EQ(got.run->memory_bytes, static_cast<std::uint64_t>(kMaxExactInteger));
  EXPECT_EQ(sent(Ping{UINT64_MAX}).number, static_cast<std::uint64_t>(kMaxExactInteger));
}

TEST(Writing, FitsTimesThatNoEventCanHave) {
  EXPECT_EQ(sent(LiveEvent{{.time = UtcTime::min(), .offset = -1ns}}).event, Event{});
  EXPECT_EQ(to_rfc3339(sent(LiveEvent{{.time = UtcTime::max()}}).event.time),
            "2261-12-31T23:59:59.999999999Z");
}

TEST(Writing, FitsEventsOfAnyContent) {
  Event event{.host = repeated("h\n", 1000), .job = "not a job id", .name = repeated("\xff", 1000)};
  for (int i = 0; i < 100; ++i)
    event.fields.emplace(repeated("\x1b", 50) + std::to_string(i), repeated("\"\x1b", 3000));
  const Event got = sent(LiveEvent{event}).event;
  EXPECT_EQ(got.job, "");
  EXPECT_EQ(got.fields.size(), kMaxEventFields);
  EXPECT_EQ(from_log_line(to_log_line(event)), got);
}

TEST(Writing, FitsListsOfAnyLength) {
  EXPECT_EQ(sent(Result{.events = std::vector<Event>(3000)}).events.size(), kMaxEvents);
  EXPECT_EQ(sent(Nodes{std::vector<NodeStatus>(10'000)}).nodes.size(), kMaxNodes);
  EXPECT_EQ(sent(LogsEnd{.unreachable = std::vector<std::string>(10'000)}).unreachable.size(), kMaxNodes);
  EXPECT_EQ(sent(Hello{.languages = std::vector<std::string>(3000)}).languages.size(), kMaxLanguages);
}

TEST(Writing, CutsBytesOfAResultAtTheirBound) {
  const Result got = sent(Result{.stdout_bytes = std::string((16 << 20) + 5, 'x'),
                                 .compiler_output = std::string((4 << 20) + 5, '\xff')});
  EXPECT_EQ(got.stdout_bytes.size(), 16u << 20);
  EXPECT_EQ(got.compiler_output.size(), 4u << 20);
}

TEST(Writing, LeavesWhatASubmitAsksForToTheReceiverToRefuse) {
  EXPECT_EQ(refusal_of(to_json(Submit{.file_name = "../a.c"})).where(), "file_name");
  EXPECT_EQ(refusal_of(to_json(Submit{.file_name = "a.c", .limits = {.cpu_time = 2h}})).where(),
            "limits.cpu_time_ms");
  EXPECT_EQ(refusal_of(to_json(Submit{.job = "42", .file_name = "a.c"})).where(), "job");
  EXPECT_EQ(refusal_of(to_json(Submit{.file_name = "a.c", .arguments = {std::string(1, '\0')}})).where(),
            "arguments[0]");
  EXPECT_EQ(
      refusal_of(to_json(Submit{.file_name = "a.c", .source = std::string((16 << 20) + 1, ' ')})).where(),
      "source");
  EXPECT_EQ(refusal_of(to_json(LogsQuery{.job = "42"})).where(), "job");
}

// Quotation marks double in JSON, and nothing that a text may hold takes more;
// bytes are at their longest in base64.
Event largest_event() {
  Event event{.time = UtcTime(1ns), .offset = std::chrono::nanoseconds(kMaxExactInteger), .job = kSampleJob};
  event.host = std::string(kMaxNameBytes, '"');
  event.name = std::string(kMaxEventNameBytes, '"');
  for (std::size_t i = 0; i < kMaxEventFields; ++i) {
    event.fields[std::string(kMaxEventNameBytes - 1, '"') + static_cast<char>('a' + i)] =
        std::string(kMaxEventTextBytes / kMaxEventFields, '"');
  }
  return event;
}

TEST(PacketBound, HoldsTheLargestResult) {
  Result result = sample_result();
  result.message = std::string(kMaxMessageBytes, '"');
  result.stdout_bytes = result.stderr_bytes = std::string(kWireMaxima.output_bytes, '\xff');
  result.node = std::string(kMaxNameBytes, '"');
  result.language = std::string(kMaxLanguageBytes, '"');
  result.compiler_output = std::string(kMaxCompilerOutputBytes, '\xff');
  result.run->detail = result.compile->detail = std::string(kMaxMessageBytes, '"');
  result.events.assign(kMaxEvents, largest_event());
  const std::string json = to_json(result);
  EXPECT_LE(json.size(), kMaxPacketBytes);
  EXPECT_EQ(from_json(json), Packet(result));
}

TEST(PacketBound, HoldsTheLargestSubmit) {
  Submit submit = sample_submit();
  submit.source = submit.stdin_bytes = std::string(kMaxSourceBytes, '\xff');
  submit.arguments = {std::string(kMaxArgumentsBytes, '\x01')};
  const std::string json = to_json(submit);
  EXPECT_LE(json.size(), kMaxPacketBytes);
  EXPECT_EQ(from_json(json), Packet(submit));
}

TEST(PacketBound, HoldsTheMostValuesOfAnyPacket) {
  NodeStatus node{.name = "n", .address = "a:1", .up = true, .problem = "p", .slots = 1, .jobs = 1};
  node.languages.assign(kMaxLanguages, "language");
  node.toolchains.assign(kMaxLanguages, {"language", "1", "/p"});
  node.labels.assign(kMaxLabels, "label");
  const Nodes in_full{std::vector<NodeStatus>(kMaxNodesInFull, node)};
  EXPECT_EQ(sent(in_full), in_full);
}

TEST(PacketBound, HoldsTheMostNodesWithoutWhatEachHas) {
  NodeStatus node{.name = std::string(kMaxNameBytes, 'n'),
                  .address = "a:1",
                  .problem = std::string(kMaxMessageBytes, 'p')};
  node.languages.assign(kMaxLanguages, "language");
  const auto nodes = sent(Nodes{std::vector<NodeStatus>(kMaxNodes, node)}).nodes;
  ASSERT_EQ(nodes.size(), kMaxNodes);
  EXPECT_EQ(nodes[0].name, node.name);
  EXPECT_TRUE(nodes[0].languages.empty());
}

}  // namespace
}  // namespace rota::protocol
