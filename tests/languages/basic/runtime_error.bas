dim numbers(3)
print numbers(4)
