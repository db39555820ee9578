// A macro that calls itself twice; the assembler has a bound for the depth and none for the breadth.
// command: /usr/bin/gcc -c {source} -o result
// limits: cpu_ms=500 wall_ms=15000
// expect: cause=cpu_time signal=9
        .macro twice depth
        .if \depth
        twice "(\depth-1)"
        twice "(\depth-1)"
        .endif
        .endm
        twice 30
