# Folded constants and nesting, while only bytecode is made.
# command: /usr/bin/python3 -I -m py_compile {source}
# limits: cpu_ms=10000 wall_ms=15000 memory_mb=128
# expect: cause=exited exit=0
a = "x" * 4_000_000_000
b = (1 << 4_000_000_000)
c = ((((1,) * 100) * 100) * 100) * 100
d = 10 ** 10 ** 10 ** 10
