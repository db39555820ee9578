// What goes into /work before a run, and what comes out of it afterwards.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.hpp"
#include "tests/support/box_process.hpp"

namespace rota::sandbox::test {
namespace {

using protocol::Cause;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

class BoxFiles : public testing::Test {
 protected:
  Outcome shell(const std::string& script, std::vector<std::string> outputs) {
    RunSpec spec;
    spec.argv = {"sh", "-c", script};
    spec.outputs = std::move(outputs);
    return box_.run(std::move(spec));
  }

  BoxProcess box_;
};

TEST_F(BoxFiles, BringsInputsThatTheProgramOwns) {
  const UniqueFd text = make_memfd("text");
  const UniqueFd script =
      make_memfd("#!/bin/sh\ncat text; echo more >>text; stat -c %a text script; stat -c %U text\n");
  RunSpec spec;
  spec.argv = {"./script"};
  spec.inputs = {{"text", text.get(), false}, {"script", script.get(), true}};
  spec.outputs = {"text"};
  const Outcome outcome = box_.run(spec);
  EXPECT_EQ(outcome.out, "text600\n700\nbox\n") << outcome.report.detail;
  EXPECT_THAT(outcome.files, UnorderedElementsAre(Pair("text", "textmore\n")));
  EXPECT_EQ(read_all(text.get()), "text") << "the caller's file must not change";
}

TEST_F(BoxFiles, MakesTheFoldersOfAnInputsPath) {
  const UniqueFd text = make_memfd("deep");
  RunSpec spec;
  spec.argv = {"sh", "-c", "cat a/b/c.txt a/d.txt; stat -c '%a %U' a a/b; echo x >a/b/new"};
  spec.inputs = {{"a/b/c.txt", text.get(), false}, {"a/d.txt", text.get(), false}};
  EXPECT_EQ(box_.run(spec).out, "deepdeep700 box\n700 box\n");
}

TEST_F(BoxFiles, BringsOutWhatFitsAPattern) {
  const Outcome outcome =
      shell("printf 1 >A.class; printf 2 >'A$B.class'; : >A.java; mkdir C.class", {"*.class", "none*"});
  EXPECT_THAT(outcome.files, UnorderedElementsAre(Pair("A.class", "1"), Pair("A$B.class", "2")));
  EXPECT_EQ(outcome.report.detail, "");
}

TEST_F(BoxFiles, BringsOutWhatFitsAPatternInFoldersBelow) {
  const Outcome outcome = shell(
      "mkdir -p a/b l; printf 1 >a/b/X.class; printf 2 >Y.class; ln -s ../a l/link; : >a/no", {"*.class"});
  EXPECT_THAT(outcome.files, UnorderedElementsAre(Pair("a/b/X.class", "1"), Pair("Y.class", "2")));
}

TEST_F(BoxFiles, FollowsNoLinkThatFitsAPattern) {
  const Outcome outcome = shell("ln -s /etc/passwd a.class; printf 1 >b.class", {"*.class"});
  EXPECT_THAT(outcome.files, UnorderedElementsAre(Pair("b.class", "1")));
  EXPECT_THAT(outcome.report.detail, HasSubstr("a.class is not a regular file"));
}

TEST_F(BoxFiles, BringsOutAsManyFilesAsItMayWhereMoreFitAPattern) {
  const Outcome outcome = shell("i=100; while [ $i -lt 400 ]; do : >$i.x; i=$((i + 1)); done", {"*.x"});
  EXPECT_EQ(outcome.files.size(), kMaxOutputs);
  EXPECT_THAT(outcome.report.detail, HasSubstr("more than 200 output files"));
}

TEST_F(BoxFiles, OneDescriptorServesManyRuns) {
  const UniqueFd text = make_memfd("again");
  RunSpec spec;
  spec.argv = {"cat", "text"};
  spec.inputs = {{"text", text.get(), false}};
  for (int run = 0; run < 3; ++run) EXPECT_EQ(box_.run(spec).out, "again");
}

TEST_F(BoxFiles, SaysWhichStepFailsForAnInputThatIsNoFile) {
  int ends[2];
  check(::pipe(ends), "make a pipe");
  const UniqueFd reader(ends[0]), writer(ends[1]);
  RunSpec spec;
  spec.argv = {"true"};
  spec.inputs = {{"pipe", reader.get(), false}};
  const Outcome outcome = box_.run(spec);
  EXPECT_EQ(outcome.report.cause, Cause::box_failure);
  EXPECT_THAT(outcome.report.detail, HasSubstr("copy an input file: Illegal seek"));
}

TEST_F(BoxFiles, TakesNoRoomForInputsFromWhatTheProgramMayWrite) {
  const UniqueFd big = make_memfd(std::string((1 << 20) + 1, 'x'));
  RunSpec spec;
  spec.argv = {"sh", "-c", "head -c 65536 /dev/zero >a && ! head -c 65536 /dev/zero >b"};
  spec.inputs = {{"big", big.get(), false}};
  spec.limits.file_bytes = 64 << 10;
  const Outcome outcome = box_.run(spec);
  EXPECT_EQ(outcome.report.exit_code, 0) << outcome.report.detail;
}

TEST_F(BoxFiles, BringsOutputsOutAndSkipsAbsentOnes) {
  const Outcome outcome =
      shell("printf one >one; printf two >two; : >empty", {"one", "absent", "empty", "two"});
  EXPECT_THAT(outcome.files, UnorderedElementsAre(Pair("one", "one"), Pair("two", "two"), Pair("empty", "")));
  EXPECT_EQ(outcome.report.detail, "");
}

TEST_F(BoxFiles, BringsOutputsOutOfAProgramThatFailed) {
  const Outcome outcome = shell("printf kept >file; chmod 000 file; chmod 000 .; kill -SEGV $$", {"file"});
  EXPECT_EQ(outcome.report.signal, SIGSEGV);
  EXPECT_THAT(outcome.files, UnorderedElementsAre(Pair("file", "kept")));
}

TEST_F(BoxFiles, DoesNotFollowAPlantedLink) {
  for (const char* target : {"/etc/passwd", "/proc/self/status", "real", "/dev/zero", "."}) {
    const Outcome outcome = shell("echo x >real; ln -s " + std::string(target) + " result", {"result"});
    EXPECT_EQ(outcome.report.exit_code, 0);
    EXPECT_THAT(outcome.files, IsEmpty());
    EXPECT_EQ(outcome.report.detail, "output file result is not a regular file");
  }
}

TEST_F(BoxFiles, DoesNotTakeWhatIsNotARegularFile) {
  for (const char* make : {"mkfifo result", "mkdir result"}) {
    const Outcome outcome = shell(make, {"result"});
    EXPECT_THAT(outcome.files, IsEmpty()) << make;
    EXPECT_EQ(outcome.report.detail, "output file result is not a regular file");
  }
  RunSpec spec;
  spec.argv = {"python3", "-c", "import socket; socket.socket(socket.AF_UNIX).bind('result')"};
  spec.outputs = {"result"};
  const Outcome socket = box_.run(spec);
  EXPECT_EQ(socket.report.exit_code, 0) << socket.err;
  EXPECT_THAT(socket.files, IsEmpty());
  EXPECT_EQ(socket.report.detail, "output file result is not a regular file");
}

TEST_F(BoxFiles, ReadsAFolderWhoseNameWasSwappedForALinkAsNothing) {
  const Outcome outcome = shell("mkdir d; mv d e; ln -s e d", {"d"});
  EXPECT_THAT(outcome.files, IsEmpty());
}

TEST_F(BoxFiles, RefusesAnOutputPastItsBoundAndSaysSo) {
  RunSpec spec;
  spec.argv = {"sh", "-c", "head -c 1000 /dev/zero >fits; head -c 1001 /dev/zero >big"};
  spec.outputs = {"fits", "big"};
  spec.output_file_bytes = 1000;
  const Outcome outcome = box_.run(spec);
  EXPECT_THAT(outcome.files, UnorderedElementsAre(Pair("fits", std::string(1000, '\0'))));
  EXPECT_EQ(outcome.report.detail, "output file big passes the bound of 1000 bytes");
}

TEST_F(BoxFiles, HandsOutReadOnlyDescriptors) {
  RunSpec spec;
  spec.argv = {"sh", "-c", "echo x >file"};
  spec.outputs = {"file"};
  box_.client().run(spec);
  const RunReply reply = box_.wait_for_reply();
  ASSERT_EQ(reply.outputs.size(), 1u);
  EXPECT_EQ(reply.outputs[0].size, 2u);
  EXPECT_LT(::write(reply.outputs[0].file.get(), "y", 1), 0);
}

TEST_F(BoxFiles, KeepsAnOutputReadableWhileOtherRunsCome) {
  RunSpec spec;
  spec.argv = {"sh", "-c", "head -c 8000000 /dev/zero | tr '\\0' x >file"};
  spec.outputs = {"file"};
  box_.client().run(spec);
  const RunReply reply = box_.wait_for_reply();
  ASSERT_EQ(reply.outputs.size(), 1u) << reply.report.detail;
  for (int run = 0; run < 5; ++run) EXPECT_EQ(shell("ls; echo other >file", {}).out, "");
  EXPECT_EQ(read_all(reply.outputs[0].file.get()), std::string(8'000'000, 'x'));
}

// The whole path of a judged C++ program.
TEST_F(BoxFiles, CompilesAndThenRunsTheArtifact) {
  const UniqueFd source =
      make_memfd("#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b; }\n");
  RunSpec compile;
  compile.argv = {"g++", "-O1", "-o", "main", "main.cpp"};
  compile.inputs = {{"main.cpp", source.get(), false}};
  compile.outputs = {"main"};
  compile.limits.cpu_time = compile.limits.wall_time = std::chrono::seconds(60);
  box_.client().run(compile);
  const RunReply compiled = box_.wait_for_reply();
  ASSERT_EQ(compiled.report.exit_code, 0) << compiled.report.detail;
  ASSERT_EQ(compiled.outputs.size(), 1u);
  const UniqueFd input = make_memfd("20 22");
  RunSpec run;
  run.argv = {"./main"};
  run.inputs = {{"main", compiled.outputs[0].file.get(), true}};
  run.stdin_fd = input.get();
  const Outcome outcome = box_.run(run);
  EXPECT_EQ(outcome.out, "42") << outcome.report.detail;
}

TEST_F(BoxFiles, CompilersAndRuntimesWorkUnderTheFilter) {
  const std::string script =
      "echo 'int main(){return 0;}' >a.c && gcc a.c -o a && ./a && g++ -x c++ a.c -o b && ./b && "
      "python3 -c 'import subprocess, threading; "
      "t = threading.Thread(target=print, args=(1,)); t.start(); t.join(); "
      "print(subprocess.check_output([\"echo\", \"2\"]).decode(), end=\"\")' && "
      "bash -c 'echo $((1 + 2)) | tee x >/dev/null; cat x | sort | uniq'";
  RunSpec spec;
  spec.argv = {"sh", "-c", script};
  spec.limits.cpu_time = spec.limits.wall_time = std::chrono::seconds(60);
  const Outcome outcome = box_.run(spec);
  EXPECT_EQ(outcome.out, "1\n2\n3\n") << outcome.err << outcome.report.detail;
}

}  // namespace
}  // namespace rota::sandbox::test
