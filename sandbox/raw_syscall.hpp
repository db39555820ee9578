#pragma once
// System calls without the C library, for code that runs after clone: they return -errno, touch no thread-local
// storage (the processes that the zygote makes share its memory, errno included) and take no lock.
//
// The sixth argument carries the box's key where a call needs it: the seccomp filter lets calls that only setting
// up a run needs pass for who knows the key, see seccomp_program.hpp. The kernel ignores arguments that a call
// does not have.

#include <linux/sched.h>
#include <sys/syscall.h>

#include <cstdint>

#ifndef __x86_64__
#error "rota-box knows the system call conventions of x86-64 only; add those of this machine here"
#endif

namespace rota::sandbox::raw {

template <typename Argument>
[[gnu::always_inline]] inline long as_word(Argument argument) {
  if constexpr (sizeof(Argument) < sizeof(long)) {
    return static_cast<long>(argument);
  } else {
    return (long)argument;  // pointers and words alike
  }
}

[[gnu::always_inline]] inline long call_words(long number, long a, long b, long c, long d, long e, long f) {
  long result = 0;
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}

template <typename A = long, typename B = long, typename C = long, typename D = long, typename E = long,
          typename F = long>
[[gnu::always_inline]] inline long call(long number, A a = 0, B b = 0, C c = 0, D d = 0, E e = 0, F f = 0) {
  return call_words(number, as_word(a), as_word(b), as_word(c), as_word(d), as_word(e), as_word(f));
}

// clone3(2) of a child that runs entry(argument) on the stack that arguments name, and never returns. glibc's clone
// cannot carry the key.
[[gnu::always_inline]] inline long clone(clone_args& arguments, void (*entry)(void*), void* argument,
                                         std::uint64_t key) {
  long result = 0;
  register long r9 asm("r9") = static_cast<long>(key);
  register void (*r12)(void*) asm("r12") = entry;
  register void* r13 asm("r13") = argument;
  asm volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xor %%ebp, %%ebp\n\t"  // the outermost frame, for who walks the stack
      "mov %%r13, %%rdi\n\t"
      "call *%%r12\n\t"
      "ud2\n"
      "1:"
      : "=a"(result)
      : "a"(SYS_clone3), "D"(&arguments), "S"(sizeof arguments), "r"(r9), "r"(r12), "r"(r13)
      : "rcx", "r11", "memory");
  return result;
}

}  // namespace rota::sandbox::raw
