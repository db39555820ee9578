// PROTOCOL.md and the code say the same.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "protocol/conversion.hpp"
#include "protocol/enum_names.hpp"
#include "protocol/packet_fields.hpp"

namespace rota::protocol {
namespace {

using testing::HasSubstr;

std::string page() {
  std::ifstream file(ROTA_PROTOCOL_PAGE);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << ROTA_PROTOCOL_PAGE;
  return text.str();
}

// The contents of all fenced blocks with this tag.
std::vector<std::string> blocks_of(const std::string& text, const std::string& tag) {
  const std::string fence = "\n```" + tag + "\n";
  std::vector<std::string> blocks;
  for (auto at = text.find(fence); at != std::string::npos; at = text.find(fence, at + 1)) {
    const auto begin = at + fence.size();
    blocks.push_back(text.substr(begin, text.find("\n```", begin) - begin));
  }
  return blocks;
}

// The part of the page below the title, up to the next title of the same level.
std::string section_of(const std::string& text, const std::string& title) {
  const auto begin = text.find("\n## " + title + "\n");
  EXPECT_NE(begin, std::string::npos) << "no section " << title;
  return begin == std::string::npos ? "" : text.substr(begin, text.find("\n## ", begin + 1) - begin);
}

// describe()'s third direction: the names of a struct's fields, required ones apart.
class FieldNames {
 public:
  template <typename T, typename Rule>
  void field(std::string_view name, T&, const Rule&, Presence presence = Presence::optional) {
    rows.emplace_back(name, presence);
  }
  template <typename T>
  void bytes(std::string_view name, T&, std::size_t, Presence presence = Presence::optional) {
    rows.emplace_back(name, presence);
  }
  std::vector<std::pair<std::string, Presence>> rows;
};

template <typename Struct>
void expect_described(const std::string& section) {
  FieldNames names;
  Struct value{};
  describe(names, value);
  for (const auto& [name, presence] : names.rows) {
    const auto row = section.find("\n| `" + name + "`");
    ASSERT_NE(row, std::string::npos) << name << " has no row in" << section;
    const std::string line = section.substr(row, section.find('\n', row + 1) - row);
    EXPECT_EQ(line.find(", required") != std::string::npos, presence == Presence::required) << line;
  }
}

TEST(ProtocolPage, DescribesEveryFieldAndSaysWhichAreRequired) {
  const std::string text = page();
  expect_described<Hello>(section_of(text, "`hello`"));
  expect_described<Submit>(section_of(text, "`submit`"));
  expect_described<LimitOverrides>(section_of(text, "`submit`"));
  expect_described<Result>(section_of(text, "`result`"));
  const std::string result = section_of(text, "`result`");
  expect_described<StepReport>(result.substr(result.find("Step reports")));
  expect_described<LiveEvent>(section_of(text, "`event`"));
  expect_described<Error>(section_of(text, "`error`"));
  expect_described<LogsQuery>(section_of(text, "`logs_query`"));
  expect_described<LogLine>(section_of(text, "`log_line`"));
  expect_described<LogsEnd>(section_of(text, "`logs_end`"));
  expect_described<LogsStop>(section_of(text, "`logs_stop`"));
  expect_described<Nodes>(section_of(text, "`nodes`"));
  expect_described<NodeStatus>(section_of(text, "`nodes`"));
  expect_described<Ping>(section_of(text, "`ping`"));
  expect_described<Pong>(section_of(text, "`pong`"));
  expect_described<Event>(section_of(text, "Events"));
}

template <typename Enum>
void expect_listed(const std::string& section) {
  for (const auto name : enum_names<Enum>()) EXPECT_THAT(section, HasSubstr('`' + std::string(name) + '`'));
}

TEST(ProtocolPage, ListsEveryValueOfTheEnumerations) {
  const std::string text = page();
  expect_listed<ErrorCode>(section_of(text, "Errors"));
  expect_listed<Verdict>(section_of(text, "Verdicts"));
  expect_listed<Cause>(section_of(text, "`result`"));
  expect_listed<Schedule>(section_of(text, "`submit`"));
}

TEST(ProtocolPage, ShowsEveryPacketOnceInAFormThatIsTakenAndWrittenAlike) {
  std::set<std::size_t> shown;
  for (const std::string& block : blocks_of(page(), "json")) {
    const Packet packet = from_json(block);
    shown.insert(packet.index());
    EXPECT_EQ(from_json(to_json(packet)), packet);
  }
  EXPECT_EQ(shown.size(), std::variant_size_v<Packet>);
}

TEST(ProtocolPage, HasOneTranscriptOfCommandsAndAnswersOfOneLine) {
  const auto blocks = blocks_of(page(), "transcript");
  ASSERT_EQ(blocks.size(), 1u);
  std::istringstream lines(blocks.front());
  int pairs = 0;
  for (std::string command, answer; std::getline(lines, command); ++pairs) {
    EXPECT_THAT(command, testing::StartsWith("$ printf '{\"rota\":"));
    EXPECT_THAT(command, testing::EndsWith("\\004' | nc -N 127.0.0.1 4000"));
    ASSERT_TRUE(std::getline(lines, answer));
    EXPECT_THAT(answer, testing::StartsWith(R"({"rota":1,"type":")"));
  }
  EXPECT_GE(pairs, 2);
}

TEST(ProtocolPage, ShowsTheErrorsOfItsTranscriptWordForWord) {
  const std::string transcript = blocks_of(page(), "transcript").at(0);
  for (const char* json :
       {R"({"rota":1,"type":"submit","file_name":"hello.sh"})", R"({"rota":3,"type":"ping"})"}) {
    EXPECT_THAT(transcript, HasSubstr(json));
    try {
      from_json(json);
      ADD_FAILURE() << json;
    } catch (const ProtocolError& error) {
      EXPECT_THAT(transcript, HasSubstr(to_json(Error{error.code(), "", error.where(), error.what()}, 1)));
    }
  }
}

}  // namespace
}  // namespace rota::protocol
