numbers = fscanf(stdin, '%d');
disp(sum(numbers))
