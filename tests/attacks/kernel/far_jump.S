// Turns the CPU to 32-bit code by a far return, then calls getpid as a 32-bit program does.
// expect: cause=forbidden_syscall signal=31
        .text
        .globl main
main:
        mov $9, %eax                    // mmap of a stack that 32 bits can name
        mov $0x1000000, %edi
        mov $0x10000, %esi
        mov $3, %edx
        mov $0x32, %r10d                // private, anonymous, fixed
        mov $-1, %r8
        xor %r9d, %r9d
        syscall
        lea 0x8000(%rax), %rsp
        call 1f
1:      pop %rax
        mov %rax, %rsi                  // copies the 32-bit part to where 32 bits reach
        add $(2f - 1b), %rsi
        mov $0x1009000, %edi
        mov %rdi, %r12
        mov $(3f - 2f), %ecx
        rep movsb
        mov $10, %eax                   // mprotect: it is to be executed
        mov $0x1009000, %edi
        mov $0x1000, %esi
        mov $7, %edx
        syscall
        pushq $0x23                     // the code segment of 32-bit programs
        pushq %r12
        lretq
2:      .code32
        mov $20, %eax
        int $0x80
        mov $1, %eax
        mov $1, %ebx
        int $0x80
        .code64
3:
        .section .note.GNU-stack,"",@progbits
