numbers = [1, 2, 3];
disp(numbers(4))
