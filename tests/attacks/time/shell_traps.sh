# Traps for all that can be trapped.
# limits: cpu_ms=300 wall_ms=20000
# expect: cause=cpu_time signal=9
trap '' HUP INT QUIT TERM XCPU ALRM
while :; do :; done
