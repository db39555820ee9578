# limits: wall_ms=400
# expect: cause=wall_time signal=9
import signal
import time

signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    try:
        time.sleep(1000)
    except BaseException:
        pass
