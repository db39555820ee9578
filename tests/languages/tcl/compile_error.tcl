proc greet {} {
    puts "Hello, world!"
greet
