// Submissions of several files, with flags and an environment.
#include <gmock/gmock.h>

#include "base/encoding.hpp"
#include "protocol/error.hpp"
#include "protocol/job_id.hpp"
#include "tests/integration/node/node_fixture.hpp"

namespace rota::test {
namespace {

using protocol::ErrorCode;
using protocol::Verdict;
using testing::HasSubstr;

class Projects : public NodeTest {
 protected:
  void SetUp() override { start_node(); }

  protocol::Error refusal(const protocol::Submit& submission) {
    PacketClient client = connect();
    client.send(submission);
    return client.expect<protocol::Error>();
  }
};

protocol::Submit of_two_sources() {
  auto project =
      job("main.cpp",
          "#include \"lib/twice.hpp\"\n#include <iostream>\nint main() { std::cout << twice(21); }\n");
  project.files = {{"lib/twice.hpp", "#pragma once\nint twice(int);\n"},
                   {"lib/twice.cpp", "#include \"twice.hpp\"\nint twice(int n) { return 2 * n; }\n"}};
  return project;
}

TEST_F(Projects, ACompilerGetsEverySourceOfTheMainFilesExtension) {
  const auto result = submit(of_two_sources());
  EXPECT_EQ(result.stdout_bytes, "42") << result.compiler_output;
}

TEST_F(Projects, AFileThatChangesIsAnotherProgram) {
  submit(of_two_sources());
  auto changed = of_two_sources();
  changed.files[1].content = "int twice(int n) { return 3 * n; }\n";
  const auto result = submit(changed);
  EXPECT_FALSE(result.compile_cached);
  EXPECT_EQ(result.stdout_bytes, "63");
  EXPECT_TRUE(submit(of_two_sources()).compile_cached);
}

TEST_F(Projects, AnInterpreterFindsTheOtherFilesWhereItRuns) {
  auto project = job("main.py", "import tools.words\nprint(tools.words.HELLO, open('data.txt').read())\n");
  project.files = {{"tools/words.py", "HELLO = 'hello'\n"}, {"data.txt", "data"}};
  EXPECT_EQ(submit(project).stdout_bytes, "hello data\n");
}

TEST_F(Projects, ACompiledProgramFindsThemAsWell) {
  auto project =
      job("a.c",
          "#include <stdio.h>\nint main(void) { FILE* f = fopen(\"in.txt\", \"r\"); putchar(fgetc(f)); }\n");
  project.files = {{"in.txt", "x"}};
  EXPECT_EQ(submit(project).stdout_bytes, "x");
}

TEST_F(Projects, AProgramThatManyShareIsNobodysToMark) {
  const auto program = job("mark.c", R"(#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
int main(void) {
  char value[8] = "";
  printf("%ld ", (long)getxattr("/proc/self/exe", "user.note", value, sizeof value));
  printf("%d ", setxattr("/proc/self/exe", "user.note", "secret", 6, 0));
  printf("%d\n", chmod("/proc/self/exe", 0));
})");
  const auto first = submit(program);
  const auto second = submit(program);
  EXPECT_TRUE(second.compile_cached);
  EXPECT_THAT(second.stdout_bytes, testing::StartsWith("-1 ")) << first.stdout_bytes;
}

TEST_F(Projects, AFileMayNotStandWhereAnotherDoesOrWhereTheCompilersResultWill) {
  auto project = job("main.c", "int main(void) { return 0; }\n");
  for (const char* name : {"main.c", "program", "main.c/a.h"}) {
    project.files = {{name, ""}};
    const auto error = refusal(project);
    EXPECT_EQ(error.code, ErrorCode::bad_file_name) << name;
    EXPECT_EQ(error.where, "files") << name;
  }
}

TEST_F(Projects, AProgramGetsItsEnvironment) {
  auto show = job("show.sh", "printf '%s|%s' \"$GREETING\" \"$HOME\"");
  show.environment = {"GREETING=hello there", "HOME=/tmp"};
  EXPECT_EQ(submit(show).stdout_bytes, "hello there|/tmp");
}

TEST_F(Projects, AnEnvironmentEntryWithoutANameIsRefused) {
  auto show = job("show.sh", "");
  show.environment = {"no name"};
  EXPECT_EQ(refusal(show).code, ErrorCode::bad_text);
}

TEST_F(Projects, FlagsThatTheLanguageAllowsReachTheCompiler) {
  auto program = job("flags.cpp", "#include <cstdio>\nint main() { std::printf(\"%d\", ANSWER); }\n");
  program.compile_flags = {"-DANSWER=42", "-O1"};
  EXPECT_EQ(submit(program).stdout_bytes, "42");
}

TEST_F(Projects, OtherFlagsAreRefusedWithTheAllowedOnes) {
  auto program = job("flags.cpp", "int main() {}\n");
  program.compile_flags = {"-fplugin=./evil.so"};
  const auto error = refusal(program);
  EXPECT_EQ(error.code, ErrorCode::unknown_value);
  EXPECT_EQ(error.where, "compile_flags");
  EXPECT_THAT(error.message, HasSubstr("takes no flag '-fplugin=./evil.so'; allowed: -O0"));
}

TEST_F(Projects, AStdinThatCameBeforeIsNamedByItsHash) {
  auto reader = job("main.sh", "cat");
  reader.stdin_blob = sha256_hex("long");
  EXPECT_EQ(refusal(reader).code, ErrorCode::unknown_blob);
  reader.stdin_bytes = "long";
  EXPECT_EQ(submit(reader).stdout_bytes, "long");
  reader.stdin_bytes.clear();
  EXPECT_EQ(submit(reader).stdout_bytes, "long");
}

}  // namespace
}  // namespace rota::test
