use strict;
use warnings;

$greeting = "Hello, world!";
print "$greeting\n";
