BEGIN {
  while (1) {
    numbers[++count] = "number " count
  }
}
