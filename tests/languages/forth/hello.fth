: hello  ." Hello, world!" cr ;
hello
