: sum ( -- n )
  0
  begin pad 80 stdin read-line throw while
    pad swap evaluate +
  repeat
  drop ;

sum 0 .r cr
