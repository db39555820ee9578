        global  _start

        section .rodata
text:   db      "Hello, world!", 10
length: equ     $ - text

        section .text
_start: mov     eax, 1          ; write
        mov     edi, 1
        mov     rsi, text
        mov     edx, length
        syscall
        mov     eax, 60         ; exit
        xor     edi, edi
        syscall
