# A script that includes itself.
# limits: wall_ms=15000
# expect: cause=exited exit=1
echo 'INCLUDE script.ld' >script.ld
ld -T script.ld 2>/dev/null
