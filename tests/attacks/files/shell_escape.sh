# The common tools of a break-out, by their names: each fails, none is missed.
# limits: wall_ms=8000
# expect: cause=exited exit=0
exec 2>/dev/null
cat /etc/shadow /proc/1/environ /root/.ssh/id_rsa && exit 1
chmod u+s /usr/bin/env && exit 2
mkdir /sys/fs/cgroup/x && exit 3
echo x >/proc/sys/kernel/core_pattern && exit 4
ln /usr/bin/env /tmp/env && exit 5
ls /home /root /var /run /boot && exit 6
exit 0
