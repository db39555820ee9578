for (i in 1:3 {
  cat("Hello, world!\n")
}
