        global  _start

        section .text
_start: xor     ecx, ecx
        div     ecx
