// ptrace without a C library: the filter stands in the kernel, not in a wrapper.
// expect: cause=forbidden_syscall signal=31 syscall=ptrace
        .text
        .globl main
main:
        mov $101, %eax
        xor %edi, %edi
        syscall
        mov $1, %eax
        ret
        .section .note.GNU-stack,"",@progbits
