# A program file that claims a terabyte of zeros: it is refused by exec, or ends as it starts.
# limits: memory_mb=64
# needs: memory-cgroup
# expect: cause=exited exit=0
import os
import struct

code = bytes.fromhex("b83c0000000f05")  # exit
header = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0x400078, 64, 0, 0, 64, 56, 1, 0, 0, 0)
segment = struct.pack("<IIQQQQQQ", 1, 7, 0, 0x400000, 0x400000, 120 + len(code), 1 << 40, 4096)
with open("giant", "wb") as file:
    file.write(header + segment + code)
os.chmod("giant", 0o700)
child = os.fork()
if child == 0:
    os.execv("./giant", ["giant"])
os.waitpid(child, 0)
