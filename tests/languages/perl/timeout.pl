use strict;
use warnings;

while (1) { }
