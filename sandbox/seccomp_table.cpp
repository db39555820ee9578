#include "sandbox/seccomp_table.hpp"

#include <asm/ioctls.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/prctl.h>
#include <sched.h>
#include <sys/socket.h>

#include <cerrno>

namespace rota::sandbox {
namespace {

constexpr std::uint64_t kNamespaceFlags =
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
constexpr std::uint64_t kPersonalityQuery = 0xffffffff;

constexpr SeccompRow allow(const char* calls, const char* why) {
  return {.calls = calls, .why = why};
}
constexpr SeccompRow allow_if(const char* calls, unsigned argument, std::uint64_t value, const char* why) {
  return {.calls = calls, .test = SeccompTest::equals, .argument = argument, .value = value, .why = why};
}
constexpr SeccompRow fail(const char* calls, int error, const char* why) {
  return {.calls = calls, .action = SeccompAction::fail, .error = error, .why = why};
}

// File locks are kernel memory that no cgroup is charged for, without a bound, and they show through files
// that all boxes share.
constexpr SeccompRow refuse_lock(std::uint64_t command) {
  return {.calls = "fcntl",
          .action = SeccompAction::fail,
          .error = ENOLCK,
          .test = SeccompTest::equals,
          .argument = 1,
          .value = command,
          .why = "memory without a bound, and a channel between boxes"};
}

constexpr SeccompRow kTable[] = {
    allow("read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek close "
          "close_range dup dup2 dup3 pipe pipe2 sendfile copy_file_range "
          "fadvise64 readahead",
          "plain input and output on what is open"),
    fail("splice tee vmsplice", EINVAL,
         "kernel code with a history (CVE-2008-0600, CVE-2022-0847) that holds pipes for as long as the "
         "caller likes; "
         "whoever tries it copies instead"),
    allow("mmap munmap mremap mprotect madvise brk msync mincore mlock mlock2 munlock mlockall "
          "munlockall membarrier memfd_create pkey_alloc pkey_free pkey_mprotect get_mempolicy "
          "remap_file_pages map_shadow_stack mseal",
          "own memory, bounded by the cgroup"),
    allow("open openat openat2 creat stat fstat lstat newfstatat statx access faccessat faccessat2 "
          "readlink readlinkat getdents getdents64 getcwd chdir fchdir statfs fstatfs cachestat",
          "files: the root and the file permissions decide"),
    allow("mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat "
          "truncate ftruncate fallocate fsync fdatasync sync_file_range umask utime utimes "
          "utimensat futimesat chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat mknod "
          "mknodat",
          "work and tmp are the program's own, bounded tmpfs; device nodes need a capability that it lacks"),
    allow("getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr setxattr lsetxattr fsetxattr "
          "removexattr lremovexattr fremovexattr",
          "cp, tar and others ask for and keep attributes"),
    allow("execve execveat exit exit_group fork vfork wait4 waitid set_tid_address set_robust_list "
          "get_robust_list rseq futex futex_waitv futex_wake futex_wait futex_requeue arch_prctl "
          "set_thread_area get_thread_area gettid getpid getppid restart_syscall",
          "processes and threads, bounded by the pids cgroup"),
    allow("getpgid setpgid getpgrp getsid setsid getuid geteuid getgid getegid getresuid getresgid "
          "getgroups setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups "
          "capget capset",
          "identity: without capabilities nothing can be gained"),
    allow("rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend "
          "rt_sigqueueinfo rt_tgsigqueueinfo sigaltstack kill tkill tgkill pause signalfd signalfd4 "
          "pidfd_open pidfd_send_signal",
          "signals within the own pid namespace and user"),
    allow("nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times alarm setitimer "
          "getitimer timer_create timer_settime timer_gettime timer_getoverrun timer_delete "
          "timerfd_create timerfd_settime timerfd_gettime",
          "time, read and waited for"),
    allow("select pselect6 poll ppoll epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_wait "
          "epoll_wait_old epoll_pwait epoll_pwait2 eventfd eventfd2",
          "waiting for many things at once"),
    allow("sched_yield sched_getaffinity sched_setaffinity sched_getparam sched_setparam "
          "sched_getscheduler sched_setscheduler sched_getattr sched_setattr sched_get_priority_max "
          "sched_get_priority_min sched_rr_get_interval getpriority setpriority ioprio_get ioprio_set "
          "getcpu",
          "scheduling: to the worse only, without CAP_SYS_NICE"),
    allow("getrlimit setrlimit getrusage sysinfo uname getrandom", "asking; hard limits can only be lowered"),
    allow("bind listen accept accept4 connect getsockname getpeername sendto recvfrom sendmsg recvmsg "
          "sendmmsg recvmmsg shutdown getsockopt",
          "use of sockets; which can be had is decided below"),
    allow_if("socket socketpair", 0, AF_UNIX, "event loops wake themselves through local sockets"),
    {.calls = "socket socketpair",
     .action = SeccompAction::fail,
     .error = EAFNOSUPPORT,
     .test = SeccompTest::differs,
     .argument = 0,
     .value = AF_UNIX,
     .why = "no network: runtimes ask for it and go on without; netlink, raw, vsock and exotic families "
            "reach deep into the kernel"},
    allow("shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl",
          "IPC objects live in the run's own IPC namespace and end with it"),

    {.calls = "clone",
     .test = SeccompTest::no_bit_of,
     .argument = 0,
     .value = kNamespaceFlags,
     .why = "threads and processes"},
    {.calls = "clone",
     .action = SeccompAction::end_run,
     .test = SeccompTest::any_bit_of,
     .argument = 0,
     .value = kNamespaceFlags,
     .why = "new namespaces open kernel code that needs capabilities otherwise"},
    fail("clone3", ENOSYS,
         "its flags stand in memory, where a filter cannot see them; C libraries fall back to clone"),

    allow_if("prlimit64", 0, 0, "own limits"),
    {.calls = "prlimit64",
     .action = SeccompAction::fail,
     .error = EPERM,
     .test = SeccompTest::differs,
     .argument = 0,
     .value = 0,
     .why = "those of others, of init above all"},
    {.calls = "sync syncfs",
     .action = SeccompAction::pretend,
     .why = "every disk of the host would have to work"},

    allow_if("fcntl", 1, F_DUPFD, "descriptors"),
    allow_if("fcntl", 1, F_DUPFD_CLOEXEC, "descriptors"),
    allow_if("fcntl", 1, F_GETFD, "descriptors"),
    allow_if("fcntl", 1, F_SETFD, "descriptors"),
    allow_if("fcntl", 1, F_GETFL, "open files"),
    allow_if("fcntl", 1, F_SETFL, "open files"),
    allow_if("fcntl", 1, F_GETOWN, "signals of an own descriptor"),
    allow_if("fcntl", 1, F_GETOWN_EX, "what C libraries make of F_GETOWN"),
    allow_if("fcntl", 1, F_SETOWN, "signals of an own descriptor"),
    allow_if("fcntl", 1, F_SETSIG, "signals of an own descriptor"),
    allow_if("fcntl", 1, F_GETPIPE_SZ, "pipes, of bounded size"),
    allow_if("fcntl", 1, F_SETPIPE_SZ, "pipes, of bounded size"),
    allow_if("fcntl", 1, F_ADD_SEALS, "own memory files"),
    allow_if("fcntl", 1, F_GET_SEALS, "own memory files"),
    fail("flock", ENOLCK, "a channel between boxes, by way of system files"),
    refuse_lock(F_GETLK),
    refuse_lock(F_SETLK),
    refuse_lock(F_SETLKW),
    refuse_lock(F_OFD_GETLK),
    refuse_lock(F_OFD_SETLK),
    refuse_lock(F_OFD_SETLKW),
    // Every other command, leases and directory notification among them, gets the default: ENOSYS.

    allow_if("setsockopt", 2, SO_REUSEADDR, "servers set it on whatever they listen on"),
    allow_if("setsockopt", 2, SO_SNDBUF, "bounded by the host"),
    allow_if("setsockopt", 2, SO_RCVBUF, "bounded by the host"),
    allow_if("setsockopt", 2, SO_KEEPALIVE, "without effect on local sockets"),
    allow_if("setsockopt", 2, SO_LINGER, "own sockets"),
    allow_if("setsockopt", 2, SO_PASSCRED, "own sockets"),
    allow_if("setsockopt", 2, SO_RCVTIMEO, "own waits"),
    allow_if("setsockopt", 2, SO_SNDTIMEO, "own waits"),
    // Every other option gets the default, SO_ATTACH_FILTER among them: compiled filters are taken from a
    // pool of the whole host and charged to nobody.

    allow_if("ioctl", 1, TCGETS, "isatty"),
    allow_if("ioctl", 1, TIOCGWINSZ, "how wide is the terminal"),
    allow_if("ioctl", 1, TIOCGPGRP, "shells ask who is in the foreground"),
    allow_if("ioctl", 1, FIONREAD, "how much is there to read"),
    allow_if("ioctl", 1, FIONBIO, "non-blocking"),
    {.calls = "ioctl",
     .action = SeccompAction::fail,
     .error = ENOTTY,
     .test = SeccompTest::equals,
     .argument = 1,
     .value = TCSBRK,
     .why = "tcdrain: what is no terminal says so, CLISP ends on anything else"},
    allow_if("ioctl", 1, FIOCLEX, "close-on-exec; Python uses it"),
    allow_if("ioctl", 1, FIONCLEX, "no close-on-exec"),
    allow_if("ioctl", 1, FICLONE, "cp tries to share blocks"),
    allow_if("ioctl", 1, FS_IOC_GETFLAGS, "file flags, read only"),
    // Every other ioctl, TIOCSTI (typing for somebody else) among them, gets the default: ENOSYS.

    allow_if("personality", 0, kPersonalityQuery, "asking only: others weaken the address space layout"),
    allow_if("prctl", 0, PR_SET_NAME, "threads name themselves"),
    allow_if("prctl", 0, PR_GET_NAME, "and ask"),
    allow_if("prctl", 0, PR_SET_PDEATHSIG, "child supervisors"),
    allow_if("prctl", 0, PR_GET_PDEATHSIG, "child supervisors"),
    allow_if("prctl", 0, PR_GET_DUMPABLE, "asking"),
    allow_if("prctl", 0, PR_SET_DUMPABLE, "hiding oneself harms nobody"),
    allow_if("prctl", 0, PR_SET_NO_NEW_PRIVS, "it is set already"),
    allow_if("prctl", 0, PR_GET_NO_NEW_PRIVS, "asking"),
    allow_if("prctl", 0, PR_GET_SECCOMP, "asking"),
    allow_if("prctl", 0, PR_CAPBSET_READ, "asking"),
    allow_if("prctl", 0, PR_GET_TIMERSLACK, "asking"),
    allow_if("prctl", 0, PR_SET_TIMERSLACK, "own timers"),
    allow_if("prctl", 0, PR_SET_CHILD_SUBREAPER, "init ends all that is left in any case"),
    allow_if("prctl", 0, PR_SET_VMA, "names of memory areas, from malloc and Go"),

    fail("io_uring_setup io_uring_enter io_uring_register", ENOSYS,
         "libuv and others try it; calls in it pass no filter"),
    fail("seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self", ENOSYS,
         "programs that confine themselves go on without"),
    fail("syslog", EPERM, "dmesg asks; kernel messages are the host's"),
    fail("chroot", EPERM, "package tools and tests ask; it needs a capability anyway"),
    fail("modify_ldt", ENOSYS, "Wine and old thread libraries ask; it has a long record of kernel bugs"),
    fail("kcmp process_madvise", EPERM, "memory allocators and service managers ask"),
    fail("migrate_pages move_pages", EPERM, "numactl asks"),
    fail("mbind set_mempolicy", ENOSYS,
         "a policy for each page of a file is kernel memory that no cgroup is charged for; libraries go on "
         "without"),
    fail("clock_settime clock_adjtime adjtimex settimeofday stime", EPERM, "the clock is the host's"),
    fail("vhangup iopl ioperm", EPERM, "X and login programs ask"),
    fail("sysfs _sysctl ustat uselib", ENOSYS, "dead calls of old C libraries"),
    fail("fanotify_init fanotify_mark", EPERM, "file watchers ask, and go on without"),
    fail("inotify_init inotify_init1 inotify_add_watch inotify_rm_watch", ENOSYS,
         "who watches the system's files sees what other boxes open; programs fall back to polling"),
    fail("mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr", ENOSYS,
         "POSIX message queues are files outside of the root, which Landlock refuses in any case"),
};

}  // namespace

std::span<const SeccompRow> seccomp_table() {
  return kTable;
}

std::span<const char* const> set_up_calls() {
  static constexpr const char* kCalls[] = {"clone3", "mount", "unshare", "landlock_restrict_self"};
  return kCalls;
}

}  // namespace rota::sandbox
