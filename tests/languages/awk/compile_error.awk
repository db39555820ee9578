BEGIN { print "Hello, world!"
