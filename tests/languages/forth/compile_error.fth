: hello  ." Hello, world!" carriage-return ;
hello
