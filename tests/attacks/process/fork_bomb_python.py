# An interpreter's processes are as many.
# limits: cpu_ms=500 wall_ms=20000 processes=32
# needs: pids-cgroup cpu-cgroup
# expect: cause=cpu_time signal=9 process_limit_hit=1
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
