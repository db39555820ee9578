// The transcript of PROTOCOL.md, typed into a shell as it stands there.

#include <gtest/gtest.h>

#include <fstream>

#include "tests/integration/cluster/cluster.hpp"

namespace rota::test {
namespace {

struct Exchange {
  std::string command;
  std::string answer;  // "<…>" stands for what differs from run to run
};

std::vector<Exchange> exchanges_of_page() {
  std::vector<Exchange> exchanges;
  std::ifstream page(PROTOCOL_PAGE);
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line == "```transcript") {
      inside = true;
    } else if (line == "```") {
      inside = false;
    } else if (inside && line.starts_with("$ ")) {
      exchanges.push_back({line.substr(2), ""});
    } else if (inside) {
      exchanges.back().answer += line;
    }
  }
  return exchanges;
}

void replace(std::string& text, const std::string& old, const std::string& by) {
  for (auto at = text.find(old); at != std::string::npos; at = text.find(old, at + by.size())) {
    text.replace(at, old.size(), by);
  }
}

// Each piece between two "<…>" has to come, in order, from the first byte to the last.
bool matches(const std::string& answer, const std::string& pattern) {
  const std::string gap = "<…>";
  std::size_t at = 0, piece_begin = 0;
  for (;;) {
    const auto gap_at = pattern.find(gap, piece_begin);
    const auto piece =
        pattern.substr(piece_begin, gap_at == std::string::npos ? gap_at : gap_at - piece_begin);
    const auto found = answer.find(piece, at);
    if (found == std::string::npos || (piece_begin == 0 && found != 0)) return false;
    if (gap_at == std::string::npos) return answer.ends_with(piece);
    at = found + piece.size();
    piece_begin = gap_at + gap.size();
  }
}

TEST(Transcript, EveryCommandOfTheProtocolPageAnswersAsItSays) {
  Cluster cluster(1);
  const auto exchanges = exchanges_of_page();
  ASSERT_GE(exchanges.size(), 3u);
  for (auto [command, answer] : exchanges) {
    replace(command, "127.0.0.1 4000", "127.0.0.1 " + std::to_string(cluster.portal->port()));
    auto got = run_to_end("/bin/sh", {"-c", command});
    EXPECT_EQ(got.status, 0) << command;
    replace(got.output, "\x04", "");
    EXPECT_TRUE(matches(got.output, answer))
        << command << "\nanswered " << got.output << "\nnot      " << answer;
  }
}

TEST(Transcript, TheMatcherItselfTellsRightFromWrong) {
  EXPECT_TRUE(matches("abc", "abc"));
  EXPECT_TRUE(matches("a123c", "a<…>c"));
  EXPECT_FALSE(matches("xabc", "abc"));
  EXPECT_FALSE(matches("abcx", "abc"));
  EXPECT_FALSE(matches("a123d", "a<…>c"));
}

}  // namespace
}  // namespace rota::test
