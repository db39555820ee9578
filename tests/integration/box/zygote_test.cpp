// A zygote that cannot be born, in this very process.

#include "sandbox/zygote.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>

#include "base/check.hpp"
#include "base/temp_dir.hpp"
#include "sandbox/seccomp_program.hpp"
#include "tests/support/processes.hpp"

namespace rota::sandbox::test {
namespace {

namespace fs = std::filesystem;

std::ptrdiff_t count_descriptors() {
  return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator{});
}

class ZygoteBirth : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "NOT TESTED: only root makes a zygote without more ado";
  }

  // Why a zygote with this /proc of the host is not born.
  std::string failure_with(const std::string& proc) const {
    const UniqueFd folder(check(::open(proc.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC), "open " + proc));
    cpu_set_t cores;
    CPU_ZERO(&cores);
    const ZygoteBasis basis{identity_, filter_, host_name_, folder.get(), landlock_, cores};
    try {
      const Zygote zygote(basis, {});
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "born";
  }

  const Identity identity_;
  const SeccompProgram filter_ = build_seccomp_program();
  const std::string host_name_ = "box";
  const LandlockRuleset landlock_;
};

TEST_F(ZygoteBirth, ThatFailsNamesItsStep) {
  const TempDir empty("rota-no-proc");
  EXPECT_THAT(failure_with(empty.path()),
              testing::StartsWith("the zygote is not born: become the first victim of the OOM killer: "));
}

TEST_F(ZygoteBirth, ThatFailsLeavesNeitherProcessNorDescriptor) {
  const TempDir empty("rota-no-proc");
  const auto descriptors = count_descriptors();
  const auto children = rota::test::children_of(::getpid());
  failure_with(empty.path());
  EXPECT_EQ(count_descriptors(), descriptors);
  EXPECT_EQ(rota::test::children_of(::getpid()), children);
}

}  // namespace
}  // namespace rota::sandbox::test
