sum = 0
while not eof(0)
  input "" number
  sum = sum + number
wend
print sum
