#pragma once
// System calls for which glibc 2.36 has no wrapper, as thin functions: -1 and errno on failure.

#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace rota::sandbox {

// clone3(2) without CLONE_VM: the child goes on with a copy of our memory, as after fork, but without glibc's
// atfork handlers. flags are CLONE_*; pidfd may be null where CLONE_PIDFD is not among them.
inline pid_t clone_process(std::uint64_t flags, int* pidfd) {
  clone_args arguments{};
  arguments.flags = flags;
  arguments.pidfd = reinterpret_cast<std::uint64_t>(pidfd);
  arguments.exit_signal = 17;  // SIGCHLD, so that plain wait calls find the child
  return static_cast<pid_t>(::syscall(SYS_clone3, &arguments, sizeof arguments));
}

inline int open_beneath(int folder, const char* name, std::uint64_t flags, std::uint64_t resolve) {
  open_how how{};
  how.flags = flags;
  how.resolve = resolve;
  return static_cast<int>(::syscall(SYS_openat2, folder, name, &how, sizeof how));
}

inline int pivot_root(const char* new_root, const char* put_old) {
  return static_cast<int>(::syscall(SYS_pivot_root, new_root, put_old));
}

// Effective and permitted become exactly `kept` (bits of CAP_*), inheritable becomes empty.
inline int set_capabilities(std::uint64_t kept) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const auto low = static_cast<std::uint32_t>(kept);
  const auto high = static_cast<std::uint32_t>(kept >> 32);
  const __user_cap_data_struct data[2] = {{low, low, 0}, {high, high, 0}};
  return static_cast<int>(::syscall(SYS_capset, &header, data));
}

// Gives the descriptor of the filter's notifications. Once one is read, only a deadly signal takes its caller out of
// the call, since Linux 5.19.
inline int load_filter(const sock_fprog& program) {
  constexpr unsigned kWaitKillable = 1u << 5;  // SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
  const auto load = [&](unsigned flags) {
    flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
    return static_cast<int>(::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program));
  };
  const int listener = load(kWaitKillable);
  return listener >= 0 || errno != EINVAL ? listener : load(0);
}

inline int open_pidfd(pid_t process) {
  return static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
}

inline int send_signal_by_pidfd(int pidfd, int signal) {
  return static_cast<int>(::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0));
}

}  // namespace rota::sandbox
