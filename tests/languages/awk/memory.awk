BEGIN {
  while (1) {
    blocks[++count] = sprintf("%1000000d", count)
  }
}
