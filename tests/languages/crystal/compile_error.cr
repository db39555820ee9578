text = "the answer is " + 42
puts text
