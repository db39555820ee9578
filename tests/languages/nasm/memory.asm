        global  _start

        section .text
_start: xor     edi, edi
        mov     eax, 12         ; brk: where the heap ends
        syscall
        mov     rbx, rax
more:   lea     rdi, [rbx + 4096]
        mov     eax, 12         ; brk: a page more
        syscall
        mov     byte [rbx], 1
        mov     rbx, rax
        jmp     more
