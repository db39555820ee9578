// What programs of each language give and get.
#include <gmock/gmock.h>

#include "tests/integration/node/node_fixture.hpp"

namespace rota::test {
namespace {

using protocol::Cause;
using protocol::Verdict;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Languages : public NodeTest {
 protected:
  void SetUp() override { start_node(); }

  void expect_hello(const std::string& file, const std::string& language, const std::string& text) {
    const auto result = submit(example(file));
    EXPECT_EQ(result.verdict, Verdict::AC) << result.message << result.compiler_output;
    EXPECT_EQ(result.returncode, 0);
    EXPECT_EQ(result.stdout_bytes, text);
    EXPECT_EQ(result.stderr_bytes, "");
    EXPECT_EQ(result.language, language);
    EXPECT_EQ(result.node, "node-1");
  }

  void expect_compile_error(const protocol::Submit& submission, const std::string& message) {
    const auto result = submit(submission);
    EXPECT_EQ(result.verdict, Verdict::CE);
    EXPECT_EQ(result.returncode, submission.file_name == "broken.sh" ? 2 : 1);
    EXPECT_THAT(result.stderr_bytes, HasSubstr(message));
    EXPECT_EQ(result.stderr_bytes, result.compiler_output);
    EXPECT_THAT(result.stderr_bytes, HasSubstr(submission.file_name));
    EXPECT_THAT(result.stderr_bytes, Not(HasSubstr("/work"))) << "no paths of the box";
    EXPECT_EQ(result.stdout_bytes, "");
    EXPECT_TRUE(result.compile);
    EXPECT_FALSE(result.run);
  }
};

TEST_F(Languages, CSaysHello) {
  expect_hello("hello.c", "C", "hello from C\n");
}

TEST_F(Languages, CppSaysHello) {
  expect_hello("hello.cpp", "C++", "hello from C++\n");
}

TEST_F(Languages, PythonSaysHello) {
  expect_hello("hello.py", "Python 3", "hello from Python\n");
}

TEST_F(Languages, BashSaysHello) {
  expect_hello("hello.sh", "Bash", "hello from Bash\n");
}

TEST_F(Languages, TheTimelineIsWholeAndInOrder) {
  const auto result = submit(example("hello.c"));
  EXPECT_THAT(names_of(result.events), ElementsAre("accepted", "compile.started", "compile.finished",
                                                   "run.started", "run.finished", "collected"));
  EXPECT_EQ(logged_names_of(result.job), names_of(result.events)) << "the log holds the same";
  for (std::size_t i = 1; i < result.events.size(); ++i) {
    EXPECT_LE(result.events[i - 1].offset, result.events[i].offset);
  }
}

TEST_F(Languages, StepsTellWhatTheyUsed) {
  const auto result = submit(example("hello.c"));
  ASSERT_TRUE(result.compile && result.run);
  EXPECT_EQ(result.run->cause, Cause::exited);
  EXPECT_GT(result.compile->cpu_time.count(), 0);
  EXPECT_GT(result.run->wall_time.count(), 0);
  EXPECT_GT(result.run->memory_bytes, 0u);
  EXPECT_EQ(result.run->stdout_bytes, std::string("hello from C\n").size());
}

TEST_F(Languages, CompilersMessagesComeBack) {
  expect_compile_error(job("broken.c", "int main(void) { return x; }\n"), "undeclared");
  expect_compile_error(job("broken.cpp", "int main() { return y; }\n"), "was not declared");
}

TEST_F(Languages, ASyntaxErrorOfAScriptIsACompileError) {
  expect_compile_error(job("broken.py", "print(\n"), "SyntaxError");
  expect_compile_error(job("broken.sh", "if true; then\n"), "syntax error");
}

TEST_F(Languages, WarningsComeBackBesideTheResult) {
  const auto result = submit(job("warn.c", "int main(void) { int x = \"text\"; return x == 7; }\n"));
  EXPECT_EQ(result.verdict, Verdict::AC);
  EXPECT_THAT(result.compiler_output, HasSubstr("warning:"));
  EXPECT_EQ(result.stderr_bytes, "");
}

TEST_F(Languages, AProgramReadsItsStandardInput) {
  auto sum = example("sum.cpp");
  sum.stdin_bytes = "1 2 3\n36\n";
  const auto result = submit(sum);
  EXPECT_EQ(result.verdict, Verdict::AC);
  EXPECT_EQ(result.stdout_bytes, "42\n");
}

TEST_F(Languages, WithoutStandardInputAProgramSeesItsEnd) {
  EXPECT_EQ(submit(job("cat.sh", "cat; echo end")).stdout_bytes, "end\n");
}

TEST_F(Languages, LargeStandardInputGoesThrough) {
  auto count = job("count.sh", "wc -c");
  count.stdin_bytes = std::string(5 << 20, 'x');
  EXPECT_EQ(submit(count).stdout_bytes, std::to_string(5 << 20) + "\n");
}

TEST_F(Languages, AProgramGetsItsArguments) {
  auto show = job("show.py", "import sys\nprint(sys.argv[1:])\n");
  show.arguments = {"one", "", "two words", "{source}", "ö", "-x"};
  EXPECT_EQ(submit(show).stdout_bytes, "['one', '', 'two words', '{source}', 'ö', '-x']\n");
  auto in_c =
      job("show.c",
          "#include <stdio.h>\nint main(int n, char** a) { for (int i = 1; i < n; ++i) puts(a[i]); }\n");
  in_c.arguments = {"a", "b c"};
  EXPECT_EQ(submit(in_c).stdout_bytes, "a\nb c\n");
}

TEST_F(Languages, BytesThatAreNoTextComeBackAsTheyWere) {
  const auto result = submit(job("bytes.py", "import sys\nsys.stdout.buffer.write(bytes(range(256)))\n"));
  std::string expected;
  for (int byte = 0; byte < 256; ++byte) expected += static_cast<char>(byte);
  EXPECT_EQ(result.stdout_bytes, expected);
}

TEST_F(Languages, StdoutAndStderrAreKeptApart) {
  const auto result = submit(job("both.sh", "echo out; echo err >&2"));
  EXPECT_EQ(result.stdout_bytes, "out\n");
  EXPECT_EQ(result.stderr_bytes, "err\n");
}

TEST_F(Languages, AGivenLanguageGoesBeforeTheFilesName) {
  auto program = job("program.txt", "int main() { return 0; }\n");
  program.language = "cpp";
  const auto result = submit(program);
  EXPECT_EQ(result.verdict, Verdict::AC) << result.compiler_output;
  EXPECT_EQ(result.language, "C++");
}

TEST_F(Languages, FileNamesMayHoldBlanksAndLettersOfAllKinds) {
  EXPECT_EQ(submit(job("mein Prögramm.py", "import os\nprint(os.path.basename(__file__))")).stdout_bytes,
            "mein Prögramm.py\n");
  EXPECT_EQ(submit(job("a b;$(id).c", "int main(void) { return 0; }")).verdict, Verdict::AC);
}

}  // namespace
}  // namespace rota::test
