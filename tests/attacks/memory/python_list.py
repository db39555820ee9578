# A list that doubles.
# limits: memory_mb=64 wall_ms=20000
# needs: memory-cgroup
# expect: cause=memory signal=9
numbers = [0]
while True:
    numbers += numbers
