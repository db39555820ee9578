numbers <- list(1, 2, 3)
print(numbers[[4]])
