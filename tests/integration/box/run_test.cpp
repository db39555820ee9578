// What one ordinary run gives back.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.hpp"
#include "tests/support/box_process.hpp"

namespace rota::sandbox::test {
namespace {

using namespace std::chrono_literals;
using protocol::Cause;
using testing::HasSubstr;
using testing::StartsWith;

class BoxRun : public testing::Test {
 protected:
  Outcome shell(const std::string& script) { return box_.run({"sh", "-c", script}); }

  BoxProcess box_;
};

TEST_F(BoxRun, CatchesStdoutAndStderrSeparately) {
  const Outcome outcome = shell("echo out; echo err >&2");
  EXPECT_EQ(outcome.report.cause, Cause::exited) << outcome.report.detail;
  EXPECT_EQ(outcome.report.exit_code, 0);
  EXPECT_EQ(outcome.report.signal, std::nullopt);
  EXPECT_EQ(outcome.out, "out\n");
  EXPECT_EQ(outcome.err, "err\n");
  EXPECT_EQ(outcome.report.stdout_bytes, 4u);
  EXPECT_EQ(outcome.report.stderr_bytes, 4u);
  EXPECT_GT(outcome.report.cpu_time, 0ns);
  EXPECT_GT(outcome.report.wall_time, 0ns);
  EXPECT_GT(outcome.report.memory_bytes, 100'000u);
  EXPECT_EQ(outcome.report.detail, "");
}

TEST_F(BoxRun, GivesTheExitCode) {
  EXPECT_EQ(shell("exit 3").report.exit_code, 3);
  EXPECT_EQ(shell("exit 255").report.exit_code, 255);
}

TEST_F(BoxRun, NamesTheSignalThatTheProgramDiedOf) {
  for (const int signal : {SIGSEGV, SIGABRT, SIGTERM, SIGKILL, SIGPIPE}) {
    const Outcome outcome = shell("kill -" + std::to_string(signal) + " $$");
    EXPECT_EQ(outcome.report.cause, Cause::signalled);
    EXPECT_EQ(outcome.report.signal, signal);
    EXPECT_EQ(outcome.report.exit_code, std::nullopt);
  }
}

TEST_F(BoxRun, PassesStdinOn) {
  const UniqueFd input = make_memfd("three\nlines\nhere\n");
  RunSpec spec;
  spec.argv = {"wc", "-l"};
  spec.stdin_fd = input.get();
  EXPECT_EQ(box_.run(spec).out, "3\n");
}

TEST_F(BoxRun, HasAnEmptyStdinWhereNoneIsGiven) {
  EXPECT_EQ(box_.run({"cat"}).out, "");
}

TEST_F(BoxRun, TakesAPipeAsStdin) {
  int ends[2];
  check(::pipe2(ends, O_CLOEXEC), "make a pipe");
  const UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  RunSpec spec;
  spec.argv = {"head", "-n1"};
  spec.stdin_fd = reader.get();
  const UniqueFd out = make_memfd("");
  spec.stdout_fd = out.get();
  box_.client().run(spec);
  check(::write(writer.get(), "late\n", 5), "write to the pipe");
  EXPECT_EQ(box_.wait_for_reply().report.exit_code, 0);
  EXPECT_EQ(read_all(out.get()), "late\n");
}

TEST_F(BoxRun, RefusesAFolderAsStdin) {
  const UniqueFd folder(check(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open /"));
  RunSpec spec;
  spec.argv = {"true"};
  spec.stdin_fd = folder.get();
  const Outcome outcome = box_.run(spec);
  EXPECT_EQ(outcome.report.cause, Cause::box_failure);
  EXPECT_THAT(outcome.report.detail, HasSubstr("folder"));
}

TEST_F(BoxRun, KeepsEveryByteOfBinaryOutput) {
  std::string all;
  for (int repeat = 0; repeat < 1000; ++repeat) {
    for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  }
  const UniqueFd input = make_memfd(all);
  RunSpec spec;
  spec.argv = {"cat"};
  spec.stdin_fd = input.get();
  EXPECT_EQ(box_.run(spec).out, all);
}

TEST_F(BoxRun, HasAMinimalEnvironmentAndWhatTheSpecAdds) {
  RunSpec spec;
  spec.argv = {"env"};
  spec.environment = {"COLOUR=red", "LANG=C"};
  EXPECT_EQ(box_.run(spec).out,
            "COLOUR=red\nHOME=/work\nLANG=C\nPATH=/usr/local/bin:/usr/bin:/bin\nTMPDIR=/tmp\n");
}

TEST_F(BoxRun, RunsAProgramByItsDescriptor) {
  const UniqueFd program = make_memfd(read_file("/bin/echo"));
  RunSpec spec;
  spec.program_fd = program.get();
  spec.argv = {"any name", "by descriptor"};
  EXPECT_EQ(box_.run(spec).out, "by descriptor\n");
}

TEST_F(BoxRun, SaysWhatADescriptorIsThatIsNoProgram) {
  const UniqueFd text = make_memfd("#!/bin/sh\necho no\n");
  RunSpec spec;
  spec.program_fd = text.get();
  spec.argv = {"script"};
  const auto report = box_.run(spec).report;
  EXPECT_EQ(report.cause, Cause::box_failure);
  EXPECT_THAT(report.detail, HasSubstr("start the program"));
}

TEST_F(BoxRun, LimitsTheAddressSpaceWhereAsked) {
  RunSpec spec;
  spec.argv = {"sh", "-c", "ulimit -v"};
  EXPECT_EQ(box_.run(spec).out, "unlimited\n");
  spec.address_space_bytes = 256u << 20;
  EXPECT_EQ(box_.run(spec).out, "262144\n");
}

TEST_F(BoxRun, PassesArgumentsAsTheyAre) {
  EXPECT_EQ(box_.run({"printf", "%s|", "a b", "", "$HOME", "ü"}).out, "a b||$HOME|ü|");
}

TEST_F(BoxRun, LetsProgramsOpenTheirStreamsByName) {
  const Outcome outcome =
      box_.run({"python3", "-c", "open('/dev/stdout', 'w').write('a'); open('/dev/stderr', 'w').write('b')"});
  EXPECT_EQ(outcome.out, "a");
  EXPECT_EQ(outcome.err, "b");
}

TEST_F(BoxRun, IsScheduledAsAnyOtherProgram) {
  EXPECT_EQ(box_.run({"python3", "-c", "import os; print(os.sched_getscheduler(0) == os.SCHED_OTHER)"}).out,
            "True\n");
}

TEST_F(BoxRun, StartsInWork) {
  EXPECT_EQ(shell("pwd; echo x >f && cat f").out, "/work\nx\n");
}

TEST_F(BoxRun, SaysThatAProgramIsNotThere) {
  const Outcome outcome = box_.run({"no-such-program"});
  EXPECT_EQ(outcome.report.cause, Cause::box_failure);
  EXPECT_THAT(outcome.report.detail, StartsWith("start no-such-program: No such file or directory in "));
}

TEST_F(BoxRun, SaysThatAFileIsNotExecutable) {
  const UniqueFd input = make_memfd("not a program");
  RunSpec spec;
  spec.argv = {"./file"};
  spec.inputs = {{"file", input.get(), false}};
  EXPECT_EQ(box_.run(spec).report.detail, "start ./file: Permission denied: not an executable file");
  spec.inputs[0].executable = true;
  EXPECT_THAT(box_.run(spec).report.detail, StartsWith("start ./file: Exec format error: "));
}

TEST_F(BoxRun, ReapsOrphansAndCountsTheirTime) {
  const Outcome outcome = shell("(sh -c 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done' &) ; sleep 1");
  EXPECT_EQ(outcome.report.exit_code, 0);
  EXPECT_GT(outcome.report.cpu_time, 20ms);
}

TEST_F(BoxRun, RunsAsNobodyInParticular) {
  const Outcome outcome = shell("id -u; id -G; cat /proc/self/status");
  EXPECT_THAT(outcome.out, HasSubstr("NoNewPrivs:\t1"));
  EXPECT_THAT(outcome.out, HasSubstr("Seccomp:\t2"));
  for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"}) {
    EXPECT_THAT(outcome.out, HasSubstr(std::string(set) + ":\t0000000000000000"));
  }
  EXPECT_NE(outcome.out.substr(0, 2), "0\n");
}

TEST_F(BoxRun, IsTheFirstToGoWhenTheHostRunsOutOfMemory) {
  EXPECT_EQ(box_.run({"cat", "/proc/self/oom_score_adj"}).out, "1000\n");
}

TEST_F(BoxRun, UsesTheUserAndGroupThatItIsGiven) {
  BoxProcess box({"--uid", "61234", "--gid", "61235"});
  EXPECT_EQ(box.run({"sh", "-c", "id -u; id -g; id -G; id -un"}).out, "61234\n61235\n61235\nbox\n");
}

TEST_F(BoxRun, RefusesToRunProgramsAsRoot) {
  EXPECT_THROW(BoxProcess({"--uid", "0"}), std::runtime_error);
}

TEST_F(BoxRun, ShowsAnExtraMountReadOnly) {
  BoxProcess box({"--bind", "/etc/init.d"});
  const Outcome outcome = box.run({"sh", "-c", "ls -d /etc/init.d/.; touch /etc/init.d/x"});
  EXPECT_EQ(outcome.out, "/etc/init.d/.\n");
  EXPECT_THAT(outcome.err, HasSubstr("Read-only file system"));
}

TEST_F(BoxRun, ShowsAnExtraMountAtAnotherPlace) {
  BoxProcess box({"--bind", "/etc/init.d:/opt/there"});
  const Outcome outcome =
      box.run({"sh", "-c", "ls -d /opt/there/. /etc/init.d; grep /opt/there /proc/self/mountinfo"});
  EXPECT_THAT(outcome.out, HasSubstr("/opt/there/.\n"));
  EXPECT_THAT(outcome.out, HasSubstr("/opt/there ro,nosuid,nodev"));
  EXPECT_THAT(outcome.err, HasSubstr("/etc/init.d"));
}

TEST_F(BoxRun, AnswersAMalformedRequestAndGoesOn) {
  check(::send(box_.client().fd(), "\1\1nonsense", 10, 0), "send nonsense");
  const RunReply reply = box_.wait_for_reply();
  EXPECT_EQ(reply.report.cause, Cause::box_failure);
  EXPECT_THAT(reply.report.detail, HasSubstr("malformed request"));
  EXPECT_EQ(box_.run({"echo", "still here"}).out, "still here\n");
}

TEST_F(BoxRun, RefusesASpecPastItsBoundsBeforeItIsSent) {
  RunSpec spec;
  EXPECT_THROW(box_.client().run(spec), std::invalid_argument);
  spec.argv = {"true"};
  spec.outputs = {"../escape"};
  EXPECT_THROW(box_.client().run(spec), std::invalid_argument);
  EXPECT_EQ(box_.run({"true"}).report.exit_code, 0);
}

TEST_F(BoxRun, TakesTheLongestArgumentListThatIsAllowed) {
  RunSpec spec;
  const std::size_t rest = kMaxArgumentBytes - kMaxOneArgumentBytes - 64;
  spec.argv = {
      "sh", "-c", "echo ${#1} ${#2}", "sh", std::string(kMaxOneArgumentBytes, 'x'), std::string(rest, 'y')};
  EXPECT_EQ(box_.run(spec).out, std::to_string(kMaxOneArgumentBytes) + " " + std::to_string(rest) + "\n");
}

TEST_F(BoxRun, WorksWithoutCgroups) {
  BoxProcess box({"--cgroup", "none"});
  EXPECT_FALSE(box.has_layer("memory-cgroup"));
  EXPECT_EQ(box.run({"echo", "hello"}).out, "hello\n");
}

TEST(OrdinaryUser, GetsAWorkingBoxAndIsToldWhatIsMissing) {
  BoxProcess box({}, Starter::ordinary_user);
  const Outcome outcome = box.run({"sh", "-c", "echo hello; id -un"});
  EXPECT_EQ(outcome.out, "hello\nbox\n") << outcome.report.detail;
  EXPECT_TRUE(box.has_layer("user-namespace"));
  EXPECT_FALSE(box.has_layer("own-user"));
  EXPECT_TRUE(box.has_layer("pid-namespace"));
  EXPECT_TRUE(box.has_layer("seccomp"));
}

}  // namespace
}  // namespace rota::sandbox::test
