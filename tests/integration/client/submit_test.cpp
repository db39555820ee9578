// What a submission prints and how it ends.

#include <signal.h>

#include <fstream>

#include "protocol/conversion.hpp"
#include "tests/integration/client/cluster.hpp"
#include "tests/support/processes.hpp"

namespace rota::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class SubmitTest : public ClusterTest {};

TEST_F(SubmitTest, PrintsTheProgramsOutputAndEndsWithZero) {
  const auto outcome =
      submit("hello.cpp", "#include <iostream>\nint main() { std::cout << \"hello\\n\"; }\n");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "hello\n");
  EXPECT_THAT(outcome.err, HasSubstr("rota: AC"));
}

TEST_F(SubmitTest, PassesBinaryOutputByteForByte) {
  const auto outcome = submit("binary.py", "import sys\nsys.stdout.buffer.write(bytes(range(256)) * 1000)\n");
  std::string expected;
  for (int i = 0; i < 256'000; ++i) expected += static_cast<char>(i % 256);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, expected);
}

TEST_F(SubmitTest, KeepsStdoutAndStderrApart) {
  const auto outcome = submit("both.sh", "echo out\necho err >&2\n", {"--quiet"});
  EXPECT_EQ(outcome.out, "out\n");
  EXPECT_EQ(outcome.err, "err\n");
}

TEST_F(SubmitTest, GivesTheProgramOurStdinWhereAskedTo) {
  const auto outcome = submit("cat.sh", "cat\n", {"--stdin", "-"}, std::string("a\0b", 3));
  EXPECT_EQ(outcome.out, std::string("a\0b", 3)) << outcome.err;
}

TEST_F(SubmitTest, GivesTheProgramAFileAsStdin) {
  home_.write("numbers.txt", "1 2\n");
  EXPECT_EQ(submit("cat.sh", "cat\n", {"--stdin", "numbers.txt"}).out, "1 2\n");
}

TEST_F(SubmitTest, GivesTheProgramAnEmptyStdinOtherwise) {
  EXPECT_EQ(submit("cat.sh", "cat\necho end\n", {}, "not for the program").out, "end\n");
}

TEST_F(SubmitTest, PassesArgumentsOfBothKindsInOrder) {
  const auto outcome =
      submit("args.sh", "printf '<%s>' \"$@\"\n", {"--arg", "a b", "--arg=-c", "--", "--json", "--", ""});
  EXPECT_EQ(outcome.out, "<a b><-c><--json><--><>") << outcome.err;
}

TEST_F(SubmitTest, TakesALanguageThatTheFileNameDoesNotTell) {
  EXPECT_EQ(submit("program", "print(6 * 7)\n", {"--language", "python"}).out, "42\n");
}

TEST_F(SubmitTest, EndsWithTheProgramsOwnStatus) {
  EXPECT_EQ(submit("three.sh", "exit 3\n").status, 3);
}

TEST_F(SubmitTest, EndsWith128AndTheSignal) {
  const auto outcome = submit("crash.c", "int main(void) { *(volatile int *)0 = 1; }\n");
  EXPECT_EQ(outcome.status, 128 + SIGSEGV);
  EXPECT_THAT(outcome.err, HasSubstr("SIGSEGV"));
}

TEST_F(SubmitTest, EndsWith65AndTheCompilersMessagesWhereItRefuses) {
  const auto outcome = submit("broken.c", "int main(void) { return missing; }\n");
  EXPECT_EQ(outcome.status, 65);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("broken.c:1"));
  EXPECT_THAT(outcome.err, HasSubstr("missing"));
}

TEST_F(SubmitTest, EndsWith124WhereALimitIsPassed) {
  const auto outcome = submit("loop.sh", "while :; do :; done\n", {"--cpu", "200ms"});
  EXPECT_EQ(outcome.status, 124);
  EXPECT_THAT(outcome.err, HasSubstr("rota: TLE"));
  const auto flood = submit("flood.sh", "while :; do echo flood; done\n", {"--output", "1K"});
  EXPECT_EQ(flood.status, 124);
  EXPECT_THAT(flood.err, HasSubstr("rota: OLE"));
  EXPECT_EQ(flood.out.size(), 1024u);
}

TEST_F(SubmitTest, EndsWith159WhereASystemCallIsForbidden) {
  const auto outcome = submit("forbidden.c",
                              "#include <sys/syscall.h>\n#include <unistd.h>\n"
                              "int main(void) { return (int)syscall(SYS_init_module, 0, 0, 0); }\n");
  EXPECT_EQ(outcome.status, 159) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("rota: SV"));
}

TEST_F(SubmitTest, EndsWith64WhereTheSubmissionIsRefused) {
  const auto outcome = submit("a.c", "int main(void) {}\n", {"--language", "klingon"});
  EXPECT_EQ(outcome.status, 64);
  EXPECT_THAT(outcome.err, HasSubstr("klingon"));
}

TEST_F(SubmitTest, PrintsTheWholeResultPacketAsOneJsonObject) {
  const auto outcome = submit("three.sh", "echo out\nexit 3\n", {"--json"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.err, "");
  const auto result = std::get<protocol::Result>(protocol::from_json(outcome.out));
  EXPECT_EQ(result.verdict, protocol::Verdict::RTE);
  EXPECT_EQ(result.stdout_bytes, "out\n");
  EXPECT_FALSE(result.events.empty());
  EXPECT_THAT(outcome.out, EndsWith("}\n"));
  EXPECT_EQ(outcome.out.find('\n'), outcome.out.size() - 1);
}

TEST_F(SubmitTest, ShowsEventsWhileTheJobGoesOn) {
  home_.write("wait.sh", "sleep 1000\n");
  Command command(home_, {"submit", "wait.sh", "--events"}, {.environment = environment_});
  command.await_err("run.started");
  EXPECT_EQ(::kill(command.pid(), 0), 0);
  command.signal(SIGINT);
  const auto outcome = command.finish();
  EXPECT_EQ(outcome.status, 130);
  EXPECT_THAT(outcome.err, HasSubstr("rota: CANCELLED"));
}

TEST_F(SubmitTest, ShowsTheWholeTimelineOnce) {
  const auto outcome = submit("hello.sh", "echo hello\n", {"--events"});
  EXPECT_EQ(outcome.out, "hello\n");
  for (const char* event : {"received", "queued", "dispatched", "accepted", "run.started", "run.finished",
                            "collected", "returned"}) {
    EXPECT_THAT(outcome.err, HasSubstr(std::string("  ") + event));
    EXPECT_EQ(outcome.err.find(std::string("  ") + event), outcome.err.rfind(std::string("  ") + event))
        << event;
  }
}

TEST_F(SubmitTest, EndsWith75WhereThePortalIsLostForLongerThanItsPatience) {
  home_.write("wait.sh", "sleep 1000\n");
  Command command(home_, {"submit", "wait.sh", "--events", "--patience", "100ms"},
                  {.environment = environment_});
  command.await_err("run.started");
  portal_->signal(SIGKILL);
  const auto outcome = command.finish();
  EXPECT_EQ(outcome.status, 75);
  EXPECT_THAT(outcome.err, HasSubstr("cannot connect"));
  EXPECT_THAT(outcome.err, HasSubstr("while waiting for the result"));
}

TEST_F(SubmitTest, IsAnsweredThoughThePortalIsKilledAndStartedAgain) {
  home_.write("slow.sh", "sleep 1\necho hello\n");
  Command command(home_, {"submit", "slow.sh", "--events"}, {.environment = environment_});
  command.await_err("run.started");
  const auto address = portal_->address();
  portal_->signal(SIGKILL);
  portal_->wait(std::chrono::seconds(10));
  const Daemon again(program_path("rota-portal"), {"--listen", address, "--name", "portal", "--state-dir",
                                                   state("portal"), "--node", nodes_.at(0)->address()});
  const auto outcome = command.finish();
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "hello\n");
  for (const char* event : {"received", "run.started", "returned"})
    EXPECT_EQ(outcome.err.find(std::string("  ") + event), outcome.err.rfind(std::string("  ") + event))
        << event;
}

TEST_F(SubmitTest, EndsWith75WhereTheTimeoutPasses) {
  const auto outcome = submit("wait.sh", "sleep 1000\n", {"--timeout", "300ms"});
  EXPECT_EQ(outcome.status, 75);
  EXPECT_THAT(outcome.err, HasSubstr("no result within 300 ms"));
}

TEST_F(SubmitTest, EndsLikeBySigpipeWhereNobodyReadsItsOutput) {
  home_.write("hello.sh", "echo hello\n");
  const auto outcome =
      rota(home_, {"submit", "hello.sh"}, {.environment = environment_, .closed_output = true});
  EXPECT_EQ(outcome.status, 128 + SIGPIPE);
  EXPECT_EQ(outcome.err, "");
}

TEST_F(SubmitTest, EndsOnCtrlCWhileAReaderKeepsItWaiting) {
  home_.write("much.py", "print('x' * 1000000)\n");
  Command command(home_, {"submit", "much.py", "--quiet"}, {.environment = environment_});
  ASSERT_TRUE(becomes_true([&] { return command.unread_output() >= 65536; }));
  command.signal(SIGINT);
  EXPECT_EQ(command.finish().status, 130);
}

TEST_F(SubmitTest, TakesThePortalFromAProjectFileAbove) {
  home_.write(".rota.json", "{\"portal\": \"" + portal_->address() + "\"}");
  environment_.clear();
  EXPECT_EQ(submit("hello.sh", "echo hello\n").out, "hello\n");
}

TEST_F(SubmitTest, WritesTheClientsLog) {
  submit("three.sh", "exit 3\n");
  std::ifstream log(home_.client_log());
  std::string submitted, result;
  ASSERT_TRUE(std::getline(log, submitted) && std::getline(log, result));
  EXPECT_EQ(protocol::from_log_line(submitted).name, "submitted");
  const auto event = protocol::from_log_line(result);
  EXPECT_EQ(event.name, "result");
  EXPECT_EQ(event.fields.at("verdict"), protocol::FieldValue("RTE"));
  EXPECT_EQ(event.job, protocol::from_log_line(submitted).job);
}

TEST_F(SubmitTest, GoesOnWhereTheLogCannotBeWritten) {
  const auto outcome = submit("hello.sh", "echo hello\n", {"--log", "/proc/nonexistent/log", "--quiet"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "hello\n");
  EXPECT_THAT(outcome.err, HasSubstr("warning"));
}

}  // namespace
}  // namespace rota::test
