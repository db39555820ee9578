let numbers = @[1, 2, 3]
echo numbers[numbers.len]
