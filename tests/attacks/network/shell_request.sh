# A shell with sockets of its own.
# command: /bin/bash {source}
# expect: cause=exited exit=0
exec 2>/dev/null
(exec 3<>/dev/tcp/127.0.0.1/22) && exit 1
(exec 3<>/dev/udp/127.0.0.1/53) && exit 2
exit 0
