// The compile cache, seen from outside.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/integration/node/node_fixture.hpp"

namespace rota::test {
namespace {

using protocol::FieldValue;
using protocol::Verdict;

class Cache : public NodeTest {
 protected:
  void SetUp() override { start_node(); }

  // All at once, over one connection.
  std::vector<protocol::Result> submit_times(int count, const protocol::Submit& submission) {
    PacketClient client = connect();
    for (int i = 0; i < count; ++i) client.send(submission);
    std::vector<protocol::Result> results;
    for (int i = 0; i < count; ++i) results.push_back(client.expect<protocol::Result>());
    return results;
  }
};

TEST_F(Cache, ASecondEqualSubmissionIsNotCompiledAgain) {
  const auto program = job("count.c", "#include <stdio.h>\nint main(int n, char** a) { printf(\"%d\", n); }");
  auto with_argument = program;
  with_argument.arguments = {"x"};
  const auto first = submit(program);
  const auto second = submit(with_argument);
  EXPECT_FALSE(first.compile_cached);
  EXPECT_TRUE(second.compile_cached);
  EXPECT_EQ(first.stdout_bytes, "1");
  EXPECT_EQ(second.stdout_bytes, "2") << "what is cached is the program, not its run";
  EXPECT_EQ(second.compile->cpu_time, first.compile->cpu_time);
  EXPECT_EQ(second.events.at(2).fields.at("cached"), FieldValue(1));
}

TEST_F(Cache, AnotherNameOrSourceIsAnotherProgram) {
  EXPECT_FALSE(submit(job("a.c", "int main(void) { return 0; }")).compile_cached);
  EXPECT_FALSE(submit(job("b.c", "int main(void) { return 0; }")).compile_cached);
  EXPECT_FALSE(submit(job("a.c", "int main(void) { return 1; }")).compile_cached);
}

TEST_F(Cache, ARefusalIsCompiledAgain) {
  EXPECT_FALSE(submit(job("bad.c", "int main(")).compile_cached);
  EXPECT_FALSE(submit(job("bad.c", "int main(")).compile_cached);
}

TEST_F(Cache, EqualSubmissionsAtOnceAreCompiledOnce) {
  const auto results = submit_times(12, example("hello.cpp"));
  for (const auto& result : results) EXPECT_EQ(result.stdout_bytes, "hello from C++\n");
  EXPECT_EQ(std::count_if(results.begin(), results.end(),
                          [](const auto& result) { return !result.compile_cached; }),
            1);
}

TEST_F(Cache, EqualRefusalsAtOnceAreAllAnswered) {
  for (const auto& result : submit_times(6, job("bad.cpp", "#include <iostream>\nint main("))) {
    EXPECT_EQ(result.verdict, Verdict::CE);
    EXPECT_NE(result.stderr_bytes, "");
  }
}

TEST_F(Cache, ACompileThatIsTakenBackIsTakenOverByWhoWaitedForIt) {
  const auto slow = job("slow.cpp", "#include <bits/stdc++.h>\nint main() { std::cout << 1; }");
  PacketClient first = connect();
  auto leading = slow;
  leading.live_events = true;
  first.send(leading);
  wait_for_event(first, "compile.started");
  PacketClient second = connect();
  auto waiting = slow;
  waiting.live_events = true;
  second.send(waiting);
  wait_for_event(second, "compile.started");
  first.reset_connection();
  wait_for_event(second, "collected");
  const auto result = second.expect<protocol::Result>();
  EXPECT_EQ(result.verdict, Verdict::AC);
  EXPECT_EQ(result.stdout_bytes, "1");
  EXPECT_FALSE(result.compile_cached);
}

}  // namespace
}  // namespace rota::test
