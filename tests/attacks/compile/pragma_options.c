// What a source may ask for by itself: options of the optimiser, dependencies, no program and no file.
// command: /usr/bin/gcc -c {source} -o result
// outputs: result passwd
// expect: cause=exited exit=0 outputs=1
#pragma GCC optimize("O3", "plugin=./plugin.so", "wrapper=/bin/sh")
#pragma GCC system_header
#pragma GCC dependency "/etc/passwd"
int nothing;
