# The compiler writes through a link that lies where its result goes; the link itself is not collected.
# outputs: result
# expect: cause=exited exit=0 refused=result
echo 'int nothing;' >program.c
ln -s /tmp/elsewhere result
gcc -c program.c -o result
test -L result
