# The one that fits into a line; its first shell stays busy, the words of the others go to nobody.
# limits: cpu_ms=300 wall_ms=20000 processes=32
# needs: pids-cgroup cpu-cgroup
# expect: cause=cpu_time signal=9 process_limit_hit=1
exec 2>/dev/null
bomb() { bomb | bomb & }
bomb
while :; do :; done
