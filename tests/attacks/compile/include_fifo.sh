# A header that waits for its writer.
# limits: wall_ms=500
# expect: cause=wall_time signal=9
mkfifo fifo.h
echo '#include "fifo.h"' >program.c
gcc -c program.c
