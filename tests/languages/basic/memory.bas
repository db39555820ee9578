text$ = "x"
do
  text$ = text$ + text$
loop
