# What a program in a high language tries.
# limits: wall_ms=10000
# expect: cause=exited exit=0
import socket
import sys
import urllib.request

for address in ("http://127.0.0.1:80/", "http://169.254.169.254/latest/meta-data/", "http://localhost/"):
    try:
        urllib.request.urlopen(address, timeout=2)
        sys.exit(1)
    except OSError:
        pass
try:
    socket.getaddrinfo("example.org", 80)
    sys.exit(2)
except OSError:
    pass
