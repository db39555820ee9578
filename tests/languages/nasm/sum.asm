        global  _start

        section .bss
buffer: resb    65536
digits: resb    20
end:    resb    1

        section .text
_start: xor     eax, eax        ; read
        xor     edi, edi
        mov     rsi, buffer
        mov     edx, 65536
        syscall

        lea     rdi, [rsi + rax]
        xor     ebx, ebx        ; the sum
        xor     ecx, ecx        ; the number
next:   cmp     rsi, rdi
        je      print
        movzx   eax, byte [rsi]
        inc     rsi
        sub     eax, '0'
        js      line
        imul    rcx, rcx, 10
        add     rcx, rax
        jmp     next
line:   add     rbx, rcx
        xor     ecx, ecx
        jmp     next

print:  mov     rsi, end
        mov     byte [rsi], 10
        mov     rax, rbx
        mov     ecx, 10
digit:  xor     edx, edx
        div     rcx
        add     edx, '0'
        dec     rsi
        mov     [rsi], dl
        test    rax, rax
        jnz     digit

        mov     eax, 1          ; write
        mov     edi, 1
        mov     rdx, end + 1
        sub     rdx, rsi
        syscall
        mov     eax, 60         ; exit
        xor     edi, edi
        syscall
