def sum = 0
System.in.eachLine { line -> sum += line.toInteger() }
println sum
