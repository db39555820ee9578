#include <gtest/gtest.h>
#include <seccomp.h>

#include <map>
#include <sstream>
#include <string>

#include "sandbox/seccomp_program.hpp"
#include "sandbox/seccomp_table.hpp"

namespace rota::sandbox {
namespace {

TEST(SeccompTable, GivesAReasonForEveryRow) {
  for (const SeccompRow& row : seccomp_table()) EXPECT_STRNE(row.why, "") << row.calls;
}

TEST(SeccompTable, NamesOnlyCallsThatExist) {
  // Newer than the libseccomp that we build with, and known to newer ones.
  const std::string newer =
      " mseal map_shadow_stack cachestat fchmodat2 futex_wake futex_wait futex_requeue ";
  for (const SeccompRow& row : seccomp_table()) {
    std::istringstream names(row.calls);
    for (std::string name; names >> name;) {
      const bool known = ::seccomp_syscall_resolve_name(name.c_str()) != __NR_SCMP_ERROR;
      EXPECT_TRUE(known || newer.find(" " + name + " ") != std::string::npos) << name;
    }
  }
}

TEST(SeccompTable, SaysEverythingAboutACallOnceWhereItSaysAlways) {
  std::map<std::string, int> rows, always;
  for (const SeccompRow& row : seccomp_table()) {
    std::istringstream names(row.calls);
    for (std::string name; names >> name;) {
      ++rows[name];
      if (row.test == SeccompTest::always) ++always[name];
    }
  }
  for (const auto& [name, count] : always) EXPECT_EQ(rows[name], 1) << name;
}

TEST(SeccompTable, FailsWithAnErrorWhereItFails) {
  for (const SeccompRow& row : seccomp_table()) {
    EXPECT_EQ(row.action == SeccompAction::fail, row.error != 0) << row.calls;
  }
}

TEST(SeccompProgram, FitsTheKernelsBound) {
  const SeccompProgram program = build_seccomp_program();
  EXPECT_GT(program.code.size(), 100u);
  EXPECT_LE(program.code.size(), 4096u);  // BPF_MAXINSNS
}

}  // namespace
}  // namespace rota::sandbox
