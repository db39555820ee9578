// Compiled programs on disk, seen from outside: restarts, damage, and deaths of boxes and node at any time.
#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>
#include <future>
#include <optional>
#include <random>
#include <thread>

#include "tests/integration/node/node_fixture.hpp"

namespace rota::test {
namespace {

using protocol::Verdict;
using testing::HasSubstr;

class KeptPrograms : public NodeTest {
 protected:
  std::vector<std::filesystem::path> entries() const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "state/programs")) {
      if (entry.path().filename().native().size() == 64) files.push_back(entry.path());
    }
    return files;
  }

  void restart() {
    node->stop();
    node.reset();
    start_node();
  }
};

protocol::Submit printing(int number) {
  return job("print.c",
             "#include <stdio.h>\nint main(void) { printf(\"%d\", " + std::to_string(number) + "); }\n");
}

void flip_bit(const std::filesystem::path& path, std::uint64_t byte, int bit) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(byte));
  const char changed = static_cast<char>(file.get() ^ (1 << bit));
  file.seekp(static_cast<std::streamoff>(byte));
  file.put(changed);
}

TEST_F(KeptPrograms, AreThereAfterARestart) {
  start_node();
  EXPECT_FALSE(submit(printing(1)).compile_cached);
  restart();
  const auto result = submit(printing(1));
  EXPECT_TRUE(result.compile_cached);
  EXPECT_EQ(result.stdout_bytes, "1");
  EXPECT_EQ(result.compile->exit_code, 0);
}

TEST_F(KeptPrograms, ThatHaveChangedByABitAreCompiledAnewWithAWarning) {
  start_node();
  submit(printing(1));
  ASSERT_EQ(entries().size(), 1u);
  const auto size = std::filesystem::file_size(entries()[0]);
  for (int part = 0; part < 8; ++part) {
    node->stop();
    flip_bit(entries().at(0), size * static_cast<std::uint64_t>(part) / 8, part);
    start_node();
    const auto result = submit(printing(1));
    EXPECT_EQ(result.stdout_bytes, "1");
    EXPECT_FALSE(result.compile_cached);
    EXPECT_EQ(logged("programs.warning").size(), static_cast<std::size_t>(part) + 1);
    EXPECT_EQ(entries().size(), 1u) << "it is kept again";
  }
}

TEST_F(KeptPrograms, OfFailedCompilesThereAreNone) {
  start_node();
  submit(job("bad.c", "int main("));
  auto killed = job("killed.c", "int main(void) { return 0; }");
  killed.source += std::string(1 << 20, '\n') + "#include \"/dev/zero\"\n";
  submit(killed);
  EXPECT_TRUE(entries().empty());
}

TEST_F(KeptPrograms, AFolderThatAnotherNodeUsesIsRefused) {
  start_node();
  const auto second = run_to_end(program_path("rota-node"), {"0", "--state-dir", folder.path() / "state"});
  EXPECT_EQ(second.status, 1);
  EXPECT_THAT(second.output, HasSubstr("programs"));
}

// A box's process, one of its run or the node itself, while sixteen clients want five programs, again and again.
class Crashes : public KeptPrograms {
 protected:
  static constexpr int kClients = 16;
  static constexpr int kPrograms = 5;

  void start_node_of_four() { start_node_with_slots(4); }

  // Empty where the node died before it answered.
  static std::optional<protocol::Result> try_submit(const std::string& host, int port, int number) {
    try {
      return PacketClient(host, port).submit(printing(number));
    } catch (const std::exception&) {
      return std::nullopt;
    }
  }

  std::vector<std::future<std::optional<protocol::Result>>> submit_all(int round) const {
    std::vector<std::future<std::optional<protocol::Result>>> answers;
    for (int i = 0; i < kClients; ++i)
      answers.push_back(std::async(std::launch::async, try_submit, node->host(), node->port(),
                                   100 * (round / 2) + i % kPrograms));
    return answers;
  }

  void kill_something(std::mt19937& random, bool the_node_too) const {
    // house-rules: allow sleep, a kill at any moment is what is tried
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 150));
    const auto below = descendants_of(node->pid());
    const bool is_node = the_node_too && random() % 3 == 0;
    if (!is_node && below.empty()) return;
    if (is_node) return send_signal(node->pid(), SIGKILL);
    try_signal(below[random() % below.size()], SIGKILL);  // a run may have ended since we looked
  }
};

TEST_F(Crashes, NeverLeaveAWrongProgram) {
  std::mt19937 random(20261126);
  start_node_of_four();
  for (int round = 0; round < 8; ++round) {
    auto answers = submit_all(round);
    kill_something(random, round % 2 == 1);
    for (int i = 0; i < kClients; ++i) {
      const auto result = answers[static_cast<std::size_t>(i)].get();
      if (!result || result->verdict != Verdict::AC) continue;  // its box or node was killed
      EXPECT_EQ(result->stdout_bytes, std::to_string(100 * (round / 2) + i % kPrograms)) << "round " << round;
    }
    if (node->wait(std::chrono::milliseconds(0))) start_node_of_four();
  }
  for (int number = 0; number < kPrograms; ++number)
    EXPECT_EQ(submit(printing(number)).stdout_bytes, std::to_string(number));
}

}  // namespace
}  // namespace rota::test
