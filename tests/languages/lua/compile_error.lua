if true then
  print("Hello, world!")
