#include "sandbox/forbidden_call.hpp"

#include <gtest/gtest.h>
#include <linux/audit.h>
#include <sys/syscall.h>

namespace rota::sandbox {
namespace {

seccomp_data call_of(int number, std::uint32_t arch = AUDIT_ARCH_X86_64) {
  seccomp_data call{};
  call.nr = number;
  call.arch = arch;
  return call;
}

TEST(ForbiddenCall, IsNamedWithAsManyArgumentsAsItTakes) {
  seccomp_data call = call_of(SYS_ptrace);
  call.args[0] = 16;
  call.args[1] = 1;
  call.args[5] = 99;
  EXPECT_EQ(describe_call(call), "ptrace(16, 1, 0, 0)");
}

TEST(ForbiddenCall, ShowsLargeArgumentsInHexadecimal) {
  seccomp_data call = call_of(SYS_unshare);
  call.args[0] = 0x10000000;
  EXPECT_EQ(describe_call(call), "unshare(0x10000000)");
}

TEST(ForbiddenCall, ShowsAllRegistersOfACallThatItDoesNotCount) {
  EXPECT_EQ(describe_call(call_of(SYS_vserver)), "vserver(0, 0, 0, 0, 0, 0)");
}

TEST(ForbiddenCall, SaysTheNumberWhereThereIsNoName) {
  EXPECT_EQ(describe_call(call_of(4000)), "system call 4000(0, 0, 0, 0, 0, 0)");
}

TEST(ForbiddenCall, NamesCallsOfForeignAbisByTheirTable) {
  EXPECT_EQ(describe_call(call_of(21, AUDIT_ARCH_I386)), "i386 mount(0, 0, 0, 0, 0, 0)");
  EXPECT_EQ(describe_call(call_of(0x40000000 + 39)), "x32 getpid(0, 0, 0, 0, 0, 0)");
}

}  // namespace
}  // namespace rota::sandbox
