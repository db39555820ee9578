numbers = [1, 2, 3]
puts numbers[3]
