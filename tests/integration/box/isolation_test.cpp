// Two runs of one box know nothing of one another.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "base/check.hpp"
#include "base/temp_dir.hpp"
#include "tests/support/box_process.hpp"

namespace rota::sandbox::test {
namespace {

constexpr const char* kListProcesses = "import os; print([p for p in os.listdir('/proc') if p.isdigit()])";

class BoxIsolation : public testing::Test {
 protected:
  std::string python(const std::string& program) {
    const Outcome outcome = box_.run({"python3", "-c", program});
    EXPECT_EQ(outcome.report.exit_code, 0) << outcome.err << outcome.report.detail;
    return outcome.out;
  }

  BoxProcess box_;
};

TEST_F(BoxIsolation, FilesDoNotSurvive) {
  const std::string list = "ls -A /work /tmp /dev/shm/";
  const std::string plant = "touch /work/a /tmp/b; mkdir /work/.c; chmod 000 /work/.c; " + list;
  EXPECT_EQ(box_.run({"sh", "-c", plant}).out, "/dev/shm/:\nb\n\n/tmp:\nb\n\n/work:\n.c\na\n");
  EXPECT_EQ(box_.run({"sh", "-c", list}).out, "/dev/shm/:\n\n/tmp:\n\n/work:\n");
}

TEST_F(BoxIsolation, SharedMemoryOfSystemVDoesNotSurvive) {
  const std::string create = R"(
import ctypes
libc = ctypes.CDLL(None)
print(libc.shmget(4711, 4096, 0o1600) >= 0)
)";
  const std::string find = R"(
import ctypes
libc = ctypes.CDLL(None)
print(libc.shmget(4711, 4096, 0o600) >= 0)
)";
  EXPECT_EQ(python(create + find), "True\nTrue\n");
  EXPECT_EQ(python(find), "False\n");
}

TEST_F(BoxIsolation, AbstractSocketsOfTheHostAreNotThere) {
  const std::string name = "rota-test-" + std::to_string(::getpid());
  const std::string bind =
      "import socket\ns = socket.socket(socket.AF_UNIX)\ns.bind(b'\\0" + name + "')\ns.listen(1)\n";
  const std::string connect = R"(
c = socket.socket(socket.AF_UNIX)
try:
    c.connect(b'\0)" + name + R"(')
    print('found')
except ConnectionRefusedError:
    print('nobody')
)";
  EXPECT_EQ(python(bind + connect), "found\n");
  EXPECT_EQ(python("import socket\n" + connect), "nobody\n");
}

TEST_F(BoxIsolation, ProcessesOfAnEarlierRunAreGone) {
  EXPECT_EQ(box_.run({"sh", "-c", "(setsid sleep 1000 >/dev/null 2>&1 &) ; exit 0"}).report.exit_code, 0);
  EXPECT_EQ(python(kListProcesses), "['2']\n") << "itself alone: init, 1, is hidden";
}

TEST_F(BoxIsolation, RunsOfTwoBoxesDoNotSeeOneAnother) {
  BoxProcess other;
  RunSpec sleeper;
  int ends[2];
  check(::pipe2(ends, O_CLOEXEC), "make a pipe");
  const UniqueFd reader(ends[0]), writer(ends[1]);
  sleeper.argv = {"sh", "-c", "touch /tmp/here; echo; sleep 1000"};
  sleeper.stdout_fd = writer.get();
  other.client().run(sleeper);
  char line = 0;
  ASSERT_EQ(::read(reader.get(), &line, 1), 1) << "it has made its file";
  EXPECT_EQ(box_.run({"ls", "/tmp"}).out, "");
  EXPECT_EQ(python(kListProcesses), "['2']\n");
  EXPECT_NE(box_.run({"id", "-u"}).out, "0\n");
  other.client().cancel();
  EXPECT_EQ(other.wait_for_reply().report.detail, "cancelled");
}

TEST_F(BoxIsolation, TheHostsFilesAreNotThere) {
  const TempDir secret("rota-secret");
  std::ofstream(secret.path() / "file") << "secret";
  const Outcome outcome = box_.run({"cat", secret.path() / "file"});
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.report.exit_code, 1);
  EXPECT_THAT(outcome.err, testing::HasSubstr("No such file or directory"));
}

TEST_F(BoxIsolation, TheRootHoldsNothingElse) {
  const Outcome outcome =
      box_.run({"sh", "-c", "ls / | grep -vE '^(bin|sbin|lib|lib32|lib64|libx32)$'; ls /dev"});
  EXPECT_EQ(outcome.out,
            "dev\netc\nproc\ntmp\nusr\nwork\n"
            "fd\nfull\nnull\nrandom\nshm\nstderr\nstdin\nstdout\nurandom\nzero\n");
}

TEST_F(BoxIsolation, DescriptorsThatTheStarterLeaksDoNotComeIn) {
  const UniqueFd secret = make_memfd("secret");
  const UniqueFd leaked(::dup(secret.get()));  // without close-on-exec
  BoxProcess box;
  EXPECT_EQ(box.run({"python3", "-c", "import os; print(sorted(os.listdir('/proc/self/fd')))"}).out,
            "['0', '1', '2', '3']\n")
      << "3 is the folder that is being listed";
}

TEST_F(BoxIsolation, TheHostNameIsTheBoxs) {
  EXPECT_EQ(box_.run({"uname", "-n"}).out, "box\n");
}

TEST_F(BoxIsolation, OnlyAnIdleLoopbackInterfaceIsThere) {
  EXPECT_EQ(box_.run({"sh", "-c", "tail -n +3 /proc/self/net/dev | tr -s ' ' | cut -d' ' -f2-4"}).out,
            "lo: 0 0\n")
      << "its name, bytes and packets";
  EXPECT_EQ(python("import socket\n"
                   "try: socket.socket(socket.AF_INET)\n"
                   "except OSError as error: print(error.errno)"),
            "97\n")
      << "EAFNOSUPPORT: nothing could bring it up";
}

}  // namespace
}  // namespace rota::sandbox::test
