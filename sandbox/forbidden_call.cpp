#include "sandbox/forbidden_call.hpp"

#include <seccomp.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <string_view>

namespace rota::sandbox {
namespace {

constexpr std::uint64_t kSmall = 4096;
constexpr unsigned kMaxArguments = 6;

struct CallArguments {
  std::string_view name;
  unsigned count;
};

// Of the calls that end a run; others are shown with all six registers.
constexpr CallArguments kArguments[] = {{"acct", 1},
                                        {"add_key", 5},
                                        {"bpf", 3},
                                        {"clone", 5},
                                        {"create_module", 2},
                                        {"delete_module", 2},
                                        {"finit_module", 3},
                                        {"fsconfig", 5},
                                        {"fsmount", 3},
                                        {"fsopen", 2},
                                        {"fspick", 3},
                                        {"init_module", 3},
                                        {"kexec_file_load", 5},
                                        {"kexec_load", 4},
                                        {"keyctl", 5},
                                        {"lookup_dcookie", 3},
                                        {"mount", 5},
                                        {"mount_setattr", 5},
                                        {"move_mount", 5},
                                        {"name_to_handle_at", 5},
                                        {"nfsservctl", 3},
                                        {"open_by_handle_at", 3},
                                        {"open_tree", 3},
                                        {"perf_event_open", 5},
                                        {"pidfd_getfd", 3},
                                        {"pivot_root", 2},
                                        {"process_vm_readv", 6},
                                        {"process_vm_writev", 6},
                                        {"ptrace", 4},
                                        {"quotactl", 4},
                                        {"quotactl_fd", 4},
                                        {"reboot", 4},
                                        {"request_key", 4},
                                        {"setdomainname", 2},
                                        {"sethostname", 2},
                                        {"setns", 2},
                                        {"swapoff", 1},
                                        {"swapon", 2},
                                        {"umount2", 2},
                                        {"unshare", 1},
                                        {"userfaultfd", 1}};

unsigned count_arguments(std::string_view name) {
  const auto found = std::find_if(std::begin(kArguments), std::end(kArguments),
                                  [&](const CallArguments& call) { return call.name == name; });
  return found == std::end(kArguments) ? kMaxArguments : found->count;
}

// x32 calls come as those of x86-64 with this bit set, see arch/x86/include/uapi/asm/unistd.h.
constexpr int kX32Bit = 0x40000000;

std::string resolve(std::uint32_t abi, int number) {
  const std::unique_ptr<char, void (*)(void*)> name(::seccomp_syscall_resolve_num_arch(abi, number), ::free);
  return name ? name.get() : "system call " + std::to_string(number);
}

std::string call_name(const seccomp_data& call) {
  if (call.arch == SCMP_ARCH_X86) return "i386 " + resolve(SCMP_ARCH_X86, call.nr);
  if ((call.nr & kX32Bit) != 0) return "x32 " + resolve(SCMP_ARCH_X32, call.nr & ~kX32Bit);
  return resolve(call.arch, call.nr);
}

std::string argument_text(std::uint64_t value) {
  if (value < kSmall) return std::to_string(value);
  char text[24];
  std::snprintf(text, sizeof text, "0x%" PRIx64, value);
  return text;
}

}  // namespace

std::optional<std::string> read_forbidden_call(int notifications) {
  seccomp_notif notice{};
  if (::ioctl(notifications, SECCOMP_IOCTL_NOTIF_RECV, &notice) != 0) return std::nullopt;
  return describe_call(notice.data);
}

std::string describe_call(const seccomp_data& call) {
  const std::string name = call_name(call);
  std::string text = name + "(";
  for (unsigned i = 0; i < count_arguments(name); ++i) {
    text += (i == 0 ? "" : ", ") + argument_text(call.args[i]);
  }
  return text + ")";
}

}  // namespace rota::sandbox
