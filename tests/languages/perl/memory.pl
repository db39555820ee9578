use strict;
use warnings;

my @blocks;
push @blocks, 'x' x 1_000_000 while 1;
