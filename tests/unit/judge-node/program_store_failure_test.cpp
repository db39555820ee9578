// A machine that lacks room, rights or descriptors, and processes that are killed: the store keeps less, and nothing
// that is wrong.

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <map>

#include "base/check.hpp"
#include "tests/unit/judge-node/program_store_fixture.hpp"

namespace rota::node {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr uid_t kNobody = 65534;

// A lower limit for this process, for as long as it lives.
class LowerLimit {
 public:
  LowerLimit(__rlimit_resource resource, rlim_t value) : resource_(resource) {
    check(::getrlimit(resource_, &before_), "getrlimit");
    const rlimit lower{value, before_.rlim_max};
    check(::setrlimit(resource_, &lower), "setrlimit");
  }
  ~LowerLimit() { ::setrlimit(resource_, &before_); }
  LowerLimit(const LowerLimit&) = delete;
  LowerLimit& operator=(const LowerLimit&) = delete;

 private:
  __rlimit_resource resource_;
  rlimit before_{};
};

// Root may write anywhere, so it acts as another user, with a folder of that user's.
class WithoutRootsRights {
 public:
  explicit WithoutRootsRights(const std::filesystem::path& folder) {
    if (::geteuid() != 0) return;
    check(::chown(folder.c_str(), kNobody, kNobody), "chown");
    check(::seteuid(kNobody), "seteuid");
  }
  ~WithoutRootsRights() { EXPECT_EQ(::seteuid(::getuid()), 0); }
  WithoutRootsRights(const WithoutRootsRights&) = delete;
  WithoutRootsRights& operator=(const WithoutRootsRights&) = delete;
};

// A child process that ends with act's result, or is killed when its owner goes.
class Child {
 public:
  explicit Child(const std::function<int()>& act) : pid_(check(::fork(), "fork")) {
    if (pid_ == 0) ::_exit(act());
  }
  ~Child() {
    if (pid_ > 0) kill();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void kill() {
    ::kill(pid_, SIGKILL);
    wait();
  }
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_;
};

struct Pipe {
  Pipe() {
    int ends[2];
    check(::pipe2(ends, O_CLOEXEC), "pipe2");
    out.reset(ends[0]);
    in.reset(ends[1]);
  }
  UniqueFd out;
  UniqueFd in;
};

std::string random_bytes(std::size_t size, char first) {
  std::string bytes(size, '\0');
  auto seed = static_cast<unsigned>(first);
  for (char& byte : bytes) byte = static_cast<char>((seed = seed * 1'103'515'245 + 12'345) >> 16);
  return bytes;
}

class ProgramStoreFailure : public ProgramStoreTest {};

TEST_F(ProgramStoreFailure, AFileThatCannotBeWrittenWholeIsNotKept) {
  ::signal(SIGXFSZ, SIG_IGN);
  ProgramStore store = open();
  store.save(key_of('a'), program_of("small"));
  const CompiledProgram large =
      program_of(std::string(20'000, 'x'));  // the limit is one of memory files, too
  {
    const LowerLimit file_size(RLIMIT_FSIZE, 10'000);
    store.save(key_of('b'), large);
    store.save(key_of('c'), large);
  }
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("a program is not kept: write: File too large")))
      << "said once";
  EXPECT_FALSE(std::filesystem::exists(folder_ / StoreFolder::kTemporary));
  EXPECT_EQ(store.entries(), 1u);
  EXPECT_FALSE(store.load(key_of('b')));
  EXPECT_TRUE(store.load(key_of('a')));
  store.save(key_of('b'), large);
  EXPECT_TRUE(store.load(key_of('b'))) << "it tries again";
}

// What the child found: exit codes for the test below.
enum Outcome { as_expected, no_mount, not_full, no_warning, temporary_left, wrong_program };

int fill_a_small_disk(const std::filesystem::path& folder) {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return no_mount;
  if (::mount("rota", folder.c_str(), "tmpfs", 0, "size=256k,mode=0700") != 0) return no_mount;
  std::vector<std::string> warnings;
  ProgramStore store(folder, {}, [&](const std::string& message) { warnings.push_back(message); });
  for (const char digit : {'0', '1', '2', '3', '4', '5', '6', '7'}) {
    store.save(key_of(digit), program_of(std::string(50'000, digit)));
  }
  if (store.entries() < 2 || store.entries() == 8) return not_full;
  if (warnings.size() != 1 || warnings[0].find("No space left on device") == std::string::npos)
    return no_warning;
  if (std::filesystem::exists(folder / StoreFolder::kTemporary)) return temporary_left;
  for (const char digit : {'0', '1'}) {
    if (first_artifact(store.load(key_of(digit))) != std::string(50'000, digit)) return wrong_program;
  }
  return as_expected;
}

TEST_F(ProgramStoreFailure, AFullDiskKeepsWhatItHas) {
  std::filesystem::create_directory(folder_);
  Child child([this] { return fill_a_small_disk(folder_); });
  const int outcome = child.wait();
  if (outcome == no_mount) GTEST_SKIP() << "needs the right to mount";
  EXPECT_EQ(outcome, as_expected);
}

TEST_F(ProgramStoreFailure, AFolderThatCannotBeWrittenToIsRefusedOrKeepsWhatItHas) {
  const WithoutRootsRights rights(dir_.path());
  std::filesystem::create_directory(folder_);
  std::filesystem::permissions(folder_, std::filesystem::perms(0500));
  EXPECT_THROW(open(), std::runtime_error);
  std::filesystem::permissions(folder_, std::filesystem::perms(0700));
  {
    ProgramStore store = open();
    store.save(key_of('a'), program_of("a"));
    std::filesystem::permissions(folder_, std::filesystem::perms(0500));
    store.save(key_of('b'), program_of("b"));
    EXPECT_THAT(warnings_, ElementsAre(HasSubstr("a program is not kept: create a file: Permission denied")));
    EXPECT_TRUE(store.load(key_of('a')));
    EXPECT_FALSE(store.load(key_of('b')));
  }
  EXPECT_TRUE(open().load(key_of('a'))) << "a restart reads it as well";
}

TEST_F(ProgramStoreFailure, AProcessWithoutDescriptorsRemovesNothing) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "NOT TESTED: the sanitizers' own look at an exception's type wants descriptors";
#endif
  ProgramStore store = open();
  store.save(key_of('a'), program_of("a"));
  {
    const LowerLimit descriptors(RLIMIT_NOFILE, 3);
    EXPECT_FALSE(store.load(key_of('a')));
    EXPECT_FALSE(store.load(key_of('a')));
  }
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("a program is not read"))) << "said once";
  EXPECT_TRUE(store.load(key_of('a')));
}

TEST_F(ProgramStoreFailure, AFolderIsFreeOnceTheProcessThatUsedItHasGone) {
  Pipe ready;
  Child child([&] {
    const ProgramStore store = open();
    if (::write(ready.in.get(), "x", 1) != 1) return 1;
    return ::pause();
  });
  char byte = 0;
  ASSERT_EQ(::read(ready.out.get(), &byte, 1), 1);
  EXPECT_THROW(open(), std::runtime_error);
  child.kill();
  EXPECT_NO_THROW(open());
}

// Keys come again, so that entries are replaced, too. The parent hears of each save.
int save_without_end(ProgramStore store, const std::map<std::string, std::string>& bytes_of, int told) {
  for (;;) {
    for (const auto& [key, bytes] : bytes_of) {
      store.save(key, program_of(bytes));
      if (::write(told, "x", 1) != 1) return 1;
    }
  }
}

TEST_F(ProgramStoreFailure, AProcessKilledWhileItSavesLeavesNoWrongEntry) {
  constexpr ProgramStoreBounds bounds{.max_entries = 12};
  std::map<std::string, std::string> bytes_of;
  for (const char digit : std::string("0123456789abcdef"))
    bytes_of[key_of(digit)] = random_bytes(100'000, digit);
  for (int round = 0; round < 20; ++round) {
    Pipe saves;
    Child child([&] { return save_without_end(open(bounds), bytes_of, saves.in.get()); });
    char byte = 0;
    for (int seen = 0; seen <= round; ++seen) ASSERT_EQ(::read(saves.out.get(), &byte, 1), 1);
    child.kill();
    ProgramStore store = open(bounds);
    EXPECT_GE(store.entries(), 1u);
    for (const auto& [key, bytes] : bytes_of) {
      const auto program = store.load(key);
      EXPECT_TRUE(!program || first_artifact(program) == bytes) << key;
    }
    EXPECT_THAT(warnings_, IsEmpty());
  }
}

}  // namespace
}  // namespace rota::node
