// rota-box by hand: `run` and `doctor`.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/check.hpp"
#include "base/temp_dir.hpp"
#include "tests/support/box_process.hpp"
#include "tests/support/missing_layers.hpp"

extern char** environ;

namespace rota::sandbox::test {
namespace {

using testing::HasSubstr;

struct CommandResult {
  int status = 0;  // as a shell has it
  std::string out, err;
};

// stdout: a descriptor of the test's own; -1 catches it.
CommandResult rota_box(std::vector<std::string> arguments, int stdout_fd = -1) {
  if (!arguments.empty() && (arguments[0] == "run" || arguments[0] == "doctor")) {
    const auto flags = rota::test::allow_missing_cgroups();
    arguments.insert(arguments.begin() + 1, flags.begin(), flags.end());
  }
  arguments.insert(arguments.begin(), ROTA_BOX_PATH);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const UniqueFd out = make_memfd(""), err = make_memfd(""), in = make_memfd("typed\n");
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in.get(), 0);
  ::posix_spawn_file_actions_adddup2(&actions, stdout_fd >= 0 ? stdout_fd : out.get(), 1);
  ::posix_spawn_file_actions_adddup2(&actions, err.get(), 2);
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, ROTA_BOX_PATH, &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), "start rota-box");
  int status = 0;
  check(::waitpid(pid, &status, 0), "wait for rota-box");
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_all(out.get()),
          read_all(err.get())};
}

TEST(BoxCommand, RunPassesStreamsAndExitStatus) {
  const auto result = rota_box({"run", "--", "sh", "-c", "cat; echo err >&2; exit 3"});
  EXPECT_EQ(result.out, "typed\n");
  EXPECT_EQ(result.err, "err\n") << "nothing of ours where the program simply ended";
  EXPECT_EQ(result.status, 3);
}

TEST(BoxCommand, RunGives128AndTheSignal) {
  EXPECT_EQ(rota_box({"run", "--", "sh", "-c", "kill -SEGV $$"}).status, 128 + SIGSEGV);
}

TEST(BoxCommand, RunSaysWhichLimitWasPassed) {
  const auto result = rota_box({"run", "--wall", "200ms", "--", "sleep", "100"});
  EXPECT_EQ(result.status, 128 + SIGKILL);
  EXPECT_EQ(result.err, "rota-box: wall_time: wall time limit of 200 ms passed\n");
}

TEST(BoxCommand, RunBringsTheProgramAndItsInputs) {
  const TempDir folder("rota-box-command");
  std::ofstream(folder.path() / "program") << "#!/bin/sh\ncat data\n";
  std::filesystem::permissions(folder.path() / "program", std::filesystem::perms::owner_all);
  std::ofstream(folder.path() / "data") << "hello\n";
  const auto data = (folder.path() / "data").string();
  const auto relative = std::filesystem::relative(folder.path() / "program").string();
  const auto result = rota_box(
      {"run", "--input", data, "--", relative.find('/') == std::string::npos ? "./" + relative : relative});
  EXPECT_EQ(result.out, "hello\n") << result.err;
  EXPECT_EQ(rota_box({"run", "--stdin", data, "--", "cat"}).out, "hello\n");
}

TEST(BoxCommand, RunReportsAsJson) {
  const auto result = rota_box({"run", "--json", "--output", "3", "--", "echo", "hello"});
  const auto report = nlohmann::json::parse(result.err);
  EXPECT_EQ(report.at("cause"), "output");
  EXPECT_EQ(report.at("stdout_bytes"), 3);
  EXPECT_EQ(report.at("stdout_cut"), true);
  EXPECT_EQ(result.out, "hel");
}

TEST(BoxCommand, RunTellsOurFailuresFromTheProgramsByItsStatus) {
  const auto result = rota_box({"run", "--", "no-such-program"});
  EXPECT_EQ(result.status, 75);
  EXPECT_EQ(result.err,
            "rota-box: box_failure: start no-such-program: No such file or directory "
            "in /usr/local/bin, /usr/bin or /bin of the box\n");
}

TEST(BoxCommand, UsageErrorsExitWith64) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {},
           {"nonsense"},
           {"run"},
           {"run", "--memory", "much", "--", "true"},
           {"run", "--cpu", "0s", "--", "true"},
           {"run", "--processes", "0", "--", "true"},
           {"run", "--bind", "usr", "--", "true"},
           {"run", "--bind", "/usr:/work/usr", "--", "true"},
           {"run", "--allow-missing", "walls", "--", "true"},
           {"serve", "--fd", "1"},
           {"run", "--cpus", "4095", "--", "true"},
           {"run", "--uid", "0", "--", "true"},
           {"run", "--uid", "4294967295", "--", "true"},
           {"run", "--work-name", "a b", "--", "true"},
           {"run", "--work-name", "", "--", "true"},
           {"run", "--input", "/tmp", "--", "true"},
           {"run", "--input", "/dev/null", "--", "true"},
           {"run", "--bind", "/usr:/opt", "--bind", "/usr:/opt", "--", "true"},
           {"self-test", "--attack", "kernel/none"},
           {"self-test", "--", "--bogus"},
           {"self-test", "--", "--help"},
           {"self-test", "--", "--work-name", "other"},
           {"run", "--cgroup", "some", "--", "true"}}) {
    EXPECT_EQ(rota_box(arguments).status, 64) << testing::PrintToString(arguments);
  }
}

TEST(BoxCommand, RunSaysThatItsOutputCouldNotBeWritten) {
  const UniqueFd full(check(::open("/dev/full", O_WRONLY | O_CLOEXEC), "open /dev/full"));
  const auto result = rota_box({"run", "--", "echo", "lost"}, full.get());
  EXPECT_EQ(result.err, "rota-box: exited: stdout could not be delivered: No space left on device\n");
  EXPECT_EQ(result.status, 75);
}

TEST(BoxCommand, RunKeepsTheStatusOfACauseBesideWhichOutputWasCut) {
  const auto result =
      rota_box({"run", "--output", "1K", "--", "python3", "-c",
                "import ctypes, os; os.write(1, b'x' * 40000); ctypes.CDLL(None).ptrace(0, 0, 0, 0)"});
  EXPECT_TRUE(result.status == 128 + SIGSYS || result.status == 128 + SIGKILL) << result.status << result.err;
}

TEST(BoxCommand, RunNamesTheSignalThatEndedTheProgram) {
  EXPECT_EQ(rota_box({"run", "--", "sh", "-c", "kill -SEGV $$"}).err, "rota-box: signalled by SIGSEGV\n");
}

TEST(BoxCommand, RunNamesTheTreeThatCannotBeBound) {
  const auto result = rota_box({"run", "--bind", "/nothere", "--", "true"});
  EXPECT_EQ(result.err, "rota-box: --bind /nothere: No such file or directory\n");
  EXPECT_EQ(result.status, 75);
}

TEST(BoxCommand, TellsItsVersion) {
  EXPECT_THAT(rota_box({"--version"}).out, testing::StartsWith("rota-box 0."));
}

TEST(BoxCommand, DoctorNamesEveryLayerAndMakesATrialRun) {
  const auto result = rota_box({"doctor"});
  EXPECT_EQ(result.status, 0);
  for (const char* layer :
       {"pid-namespace", "mount-namespace", "network-namespace", "ipc-namespace", "uts-namespace",
        "user-namespace", "own-user", "root", "proc", "capabilities", "no-new-privs", "seccomp",
        "memory-cgroup", "pids-cgroup", "cpu-cgroup", "landlock", "self-test"}) {
    EXPECT_THAT(result.out, HasSubstr(std::string("  ") + layer));
  }
  EXPECT_THAT(result.out, HasSubstr("a trial run works\n"));
}

TEST(BoxCommand, DoctorSaysWhyALayerIsMissing) {
  EXPECT_THAT(rota_box({"doctor", "--cgroup", "none"}).out,
              HasSubstr("off  memory-cgroup (not expected here): switched off"));
}

}  // namespace
}  // namespace rota::sandbox::test
