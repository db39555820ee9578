sum = 0
number = linein()
do while number \= ''
  sum = sum + number
  number = linein()
end
say sum
