# Nesting that the parser's stack has no room for.
# limits: cpu_ms=10000 wall_ms=15000
# expect: cause=exited exit=0
python3 -c 'print("(" * 300000 + ")" * 300000)' >deep.py
python3 -I -m py_compile deep.py 2>/dev/null
test $? -eq 1
