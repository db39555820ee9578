def greet(name) {
    println "Hello, ${name}!"
